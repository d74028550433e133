"""OpenAI's API, or its like at another URL. The client neither retries nor gives up: `calls.retry.CallLimit` does."""

from openai import AsyncOpenAI
from pydantic_ai.embeddings import EmbeddingModel
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from pipelines.language.provider.vendors.connection import CLIENT_SECONDS, Connection
from pipelines.language.provider.vendors.openai_batches import OpenAIRecords

OPENAI_URL = "https://api.openai.com/v1"


def connect(model: str, api_key: str | None, base_url: str | None = None) -> Connection[Model]:
    """A connection to one model over chat completions."""
    client = _client(api_key, base_url)
    chat = OpenAIChatModel(model, provider=_provider(client, base_url))
    # Others keep the beginnings of prompts by themselves, and may take no text that comes in parts.
    marks = bool(OpenAIModelProfile(**chat.profile).get("openai_supports_prompt_cache_breakpoints"))
    return Connection(chat, f"openai:{model}", client.close, marks)


def connect_batches(model: str, api_key: str, base_url: str | None = None) -> Connection[Model]:
    """A connection to one model over responses, which can be asked for in batches, too; `base_url` for a proxy."""
    client = _client(api_key, base_url)
    responses = OpenAIResponsesModel(model, provider=OpenAIProvider(openai_client=client))
    marks = bool(OpenAIModelProfile(**responses.profile).get("openai_supports_prompt_cache_breakpoints"))
    return Connection(responses, f"openai:{model}", client.close, marks, batches=OpenAIRecords(client))


def connect_embeddings(model: str, api_key: str | None, base_url: str | None = None) -> Connection[EmbeddingModel]:
    """A connection to one embedding model."""
    client = _client(api_key, base_url)
    return Connection(
        OpenAIEmbeddingModel(model, provider=_provider(client, base_url)), f"openai:{model}", client.close
    )


def _client(api_key: str | None, base_url: str | None) -> AsyncOpenAI:
    # A local server needs no key, but the client wants one, and must not go looking for one that is not meant for it.
    return AsyncOpenAI(
        api_key=api_key or "none", base_url=base_url or OPENAI_URL, max_retries=0, timeout=CLIENT_SECONDS
    )


def _provider(client: AsyncOpenAI, base_url: str | None) -> OpenAIProvider | OpenAICompatibleProvider:
    if base_url is None:
        return OpenAIProvider(openai_client=client)
    return OpenAICompatibleProvider("openai-compatible", openai_client=client)
