"""Opens the configured model providers. Imported only when one is configured: it needs the extra `cloud`."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from gateway.config.settings import Settings
from gateway.language.batches import Batches
from gateway.language.choice import Choice, Chosen, LanguageConfigError
from gateway.language.prices import UNPRICED, Prices
from pipelines.language.provider.batches.desk import BatchDesk
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.events import Notify, Watch, ignore, watch_nothing
from pipelines.language.provider.calls.rate_limit import RateLimit
from pipelines.language.provider.calls.retry import CallLimit, Patience
from pipelines.language.provider.embeddings import Embeddings
from pipelines.language.provider.engine import CountStyle, ProviderLanguage
from pipelines.language.provider.vendors.connection import ConnectError, Connection

if TYPE_CHECKING:
    from pydantic_ai.embeddings import EmbeddingModel
    from pydantic_ai.models import Model

    from pipelines.language.provider.vendors.via_bedrock import AwsKeys


@dataclass(frozen=True, slots=True)
class Served:
    """What is asked at providers."""

    language: ProviderLanguage | None
    embeddings: Embeddings | None
    batches: Batches | None


@asynccontextmanager
async def open_providers(  # noqa: PLR0913 - one keyword a concern
    settings: Settings,
    chosen: Chosen,
    count_style: CountStyle,
    *,
    pace: RateLimit | None,
    notify: Notify | None,
    watch: Watch | None = None,
    batched: bool = False,
) -> AsyncIterator[Served]:
    """What is chosen, over one line: one bound on concurrency and one pace for all calls of this process."""
    patience = Patience(call_seconds=settings.language_timeout_seconds)
    line = CallLimit(settings.fact_extraction_concurrency, patience, pace, notify or ignore, watch or watch_nothing)
    async with AsyncExitStack() as stack:
        language, vectors, batches = None, None, None
        if chosen.language is not None:
            with explain_connect_failures():
                connection = connect(chosen.language, settings, batched=batched)
            stack.push_async_callback(connection.close)
            asker = Asker(connection.model, connection.name, line, marks=connection.marks)
            language = ProviderLanguage(asker, count_style=count_style)
            if batched and connection.batches is not None:
                desk = BatchDesk(asker, connection.model, connection.batches, count_style)
                batches = Batches(desk, prices_of(chosen.language, batch=True))
        if chosen.embeddings is not None:
            with explain_connect_failures():
                embedding = connect_embeddings(chosen.embeddings, settings)
            stack.push_async_callback(embedding.close)
            vectors = Embeddings(embedding.model, embedding.name, line)
        yield Served(language, vectors, batches)


def prices_of(choice: Choice | None, *, batch: bool = False) -> Prices:
    """The prices that the installed price list has for the model, or for what it is asked in batches."""
    if choice is None:
        return UNPRICED
    from gateway.language.price_list import look_up  # noqa: PLC0415 - needs the extra

    return look_up(choice.vendor, choice.model, batch=batch)


@contextmanager
def explain_connect_failures() -> Iterator[None]:
    """What keeps a vendor from being reached, as the settings that are missing."""
    try:
        yield
    except ConnectError as failure:
        raise LanguageConfigError(str(failure)) from failure
    except ImportError as missing:
        raise LanguageConfigError(f"{missing}; install the extra `cloud` (soulprint-gateway[cloud])") from missing


def connect(choice: Choice, settings: Settings, *, batched: bool = False) -> "Connection[Model]":
    """A connection to the chosen model, its vendor's package imported now; `batched`: one that takes batches."""
    match choice.vendor:
        case "anthropic":
            from pipelines.language.provider.vendors import via_anthropic  # noqa: PLC0415

            return via_anthropic.connect(choice.model, _reveal(settings.anthropic_api_key) or "")
        case "openai":
            from pipelines.language.provider.vendors import via_openai  # noqa: PLC0415

            if batched:
                return via_openai.connect_batches(choice.model, _reveal(settings.openai_api_key) or "")
            return via_openai.connect(choice.model, _reveal(settings.openai_api_key), settings.openai_base_url)
        case "bedrock":
            from pipelines.language.provider.vendors import via_bedrock  # noqa: PLC0415

            return via_bedrock.connect(choice.model, _aws_keys(settings))


def connect_embeddings(choice: Choice, settings: Settings) -> "Connection[EmbeddingModel]":
    """A connection to the chosen embedding model."""
    if choice.vendor == "bedrock":
        from pipelines.language.provider.vendors import via_bedrock  # noqa: PLC0415

        return via_bedrock.connect_embeddings(choice.model, _aws_keys(settings))
    from pipelines.language.provider.vendors import via_openai  # noqa: PLC0415

    return via_openai.connect_embeddings(choice.model, _reveal(settings.openai_api_key), settings.openai_base_url)


def _aws_keys(settings: Settings) -> "AwsKeys":
    from pipelines.language.provider.vendors.via_bedrock import AwsKeys  # noqa: PLC0415

    return AwsKeys(_reveal(settings.aws_access_key_id), _reveal(settings.aws_secret_access_key), settings.aws_region)


def _reveal(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
