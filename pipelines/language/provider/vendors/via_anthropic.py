"""Anthropic's API. The client neither retries nor gives up: `calls.retry.CallLimit` does."""

from anthropic import AsyncAnthropic
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from pipelines.language.provider.vendors.anthropic_batches import AnthropicRecords
from pipelines.language.provider.vendors.connection import CLIENT_SECONDS, Connection


def connect(model: str, api_key: str, base_url: str | None = None) -> Connection[Model]:
    """A connection to one model; `base_url` for a proxy."""
    client = AsyncAnthropic(api_key=api_key, base_url=base_url, max_retries=0, timeout=CLIENT_SECONDS)
    provider = AnthropicProvider(anthropic_client=client)
    claude, batches = AnthropicModel(model, provider=provider), AnthropicRecords(client)
    return Connection(claude, f"anthropic:{model}", client.close, marks=True, batches=batches)
