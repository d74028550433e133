"""Opens the language engine that the settings choose: the embedded rules, or a model provider.

The provider code and its packages are imported only when a provider is configured.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.config.settings import Settings
from gateway.language.batches import Batches
from gateway.language.choice import (
    Choice,
    Chosen,
    LanguageConfigError,
    check_batches,
    choose_embeddings,
    choose_language,
)
from gateway.language.prices import UNPRICED, Prices
from pipelines.contract import Compute, Language, Passage
from pipelines.language.embedded import EmbeddedLanguage

if TYPE_CHECKING:
    from pipelines.language.provider.calls.events import Notify, Watch
    from pipelines.language.provider.calls.rate_limit import RateLimit
    from pipelines.language.provider.embeddings import Embeddings

MISSING_EXTRA = (
    "a language provider is configured but {} is not installed: install the extra `cloud` (soulprint-gateway[cloud])"
)


@dataclass(frozen=True, slots=True)
class Engines:
    """What reads people's words in this process. Without `embeddings`, retrieval is full-text search; `batches` are for
    what nobody waits for, where they are opened."""

    language: Language
    embeddings: "Embeddings | None" = None
    prices: Prices = UNPRICED
    batches: Batches | None = None


@asynccontextmanager
async def open_language(  # noqa: PLR0913 - one keyword a concern
    settings: Settings,
    compute: Compute,
    *,
    pace: "RateLimit | None" = None,
    notify: "Notify | None" = None,
    watch: "Watch | None" = None,
    batches: bool = False,
) -> AsyncIterator[Engines]:
    """The engines for as long as the process lives; with `batches`, those that LANGUAGE_BATCH is about.

    Raises LanguageConfigError when a provider is configured and cannot be served from here.
    """
    embedded = EmbeddedLanguage(compute)
    chosen = Chosen(choose_language(settings), choose_embeddings(settings))
    check_batches(settings, chosen.language)
    if chosen == Chosen():
        yield Engines(embedded)
        return
    try:
        from gateway.language import providers  # noqa: PLC0415 - needs the extra
    except ImportError as missing:
        raise LanguageConfigError(MISSING_EXTRA.format(missing.name)) from missing

    async def count_style(passages: Sequence[Passage]) -> dict[str, float]:
        return (await embedded.extract(passages)).style

    prices = providers.prices_of(chosen.language)
    require_prices(settings, chosen.language, prices)
    batched = batches and settings.language_batch
    opened = providers.open_providers(
        settings, chosen, count_style, pace=pace, notify=notify, watch=watch, batched=batched
    )
    async with opened as served:
        yield Engines(served.language or embedded, served.embeddings, prices, served.batches)


def require_prices(settings: Settings, choice: Choice | None, prices: Prices) -> None:
    """A cap that nothing can be held against is refused, rather than spent beyond. Raises LanguageConfigError."""
    caps = {"LANGUAGE_JOB_USD": settings.language_job_usd, "LANGUAGE_DAILY_USD": settings.language_daily_usd}
    named = [name for name, cap in caps.items() if cap is not None]
    if choice is not None and named and prices.cost(1, 1) is None:
        raise LanguageConfigError(
            f"{' and '.join(named)} cannot be held: the price list has no price for {choice.vendor}:{choice.model}; "
            "name another LANGUAGE_MODEL, or leave the cap out"
        )
