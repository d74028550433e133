"""Which language engine and which embeddings the settings ask for.

`LANGUAGE_MODEL` may name the vendor ("anthropic:...", "openai:...", "bedrock:..."); without it the keys decide.
"""

from dataclasses import dataclass
from typing import Literal

from gateway.config.settings import Settings
from gateway.language import default_models

Vendor = Literal["anthropic", "openai", "bedrock"]

VENDORS: tuple[Vendor, ...] = ("anthropic", "openai", "bedrock")


class LanguageConfigError(Exception):
    """The language settings cannot work; the message names what to set or install."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A vendor and one of its models."""

    vendor: Vendor
    model: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the settings ask for; None is what needs no provider."""

    language: Choice | None = None
    embeddings: Choice | None = None


def choose_language(settings: Settings) -> Choice | None:
    """The provider model that the settings ask for, None for the embedded engine.

    Raises LanguageConfigError when a model is named and its vendor has no key.
    """
    named = settings.language_model
    if named is not None:
        prefix, _, model = named.partition(":")
        for vendor in VENDORS:
            if prefix == vendor:
                _require_key(vendor, settings, f"LANGUAGE_MODEL={named}")
                return Choice(vendor, model)
    if settings.anthropic_api_key is not None:
        return Choice("anthropic", named or default_models.ANTHROPIC.name)
    if settings.openai_base_url is not None and named is None:
        raise LanguageConfigError("LANGUAGE_MODEL is missing: OPENAI_BASE_URL is set, and its models are unknown")
    if settings.openai_base_url is not None or settings.openai_api_key is not None:
        return Choice("openai", named or default_models.OPENAI.name)
    if named is not None:
        raise LanguageConfigError(
            "LANGUAGE_MODEL is set, but no provider is: set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL, "
            "or name the vendor (bedrock:<model>)"
        )
    return None


def check_batches(settings: Settings, choice: Choice | None) -> None:
    """LANGUAGE_BATCH where nothing takes batches is refused, rather than paid in full without a word.

    Raises LanguageConfigError.
    """
    if not settings.language_batch:
        return
    if choice is None:
        raise LanguageConfigError("LANGUAGE_BATCH is set, but no provider is: the embedded rules cost nothing")
    without = "Bedrock" if choice.vendor == "bedrock" else None
    if choice.vendor == "openai" and settings.openai_base_url is not None:
        without = "OPENAI_BASE_URL"
    if without is not None:
        raise LanguageConfigError(
            f"LANGUAGE_BATCH=1 cannot be held: no batch interface of {without} is known, as of Anthropic and OpenAI; "
            "leave LANGUAGE_BATCH out, and comparisons ask call by call"
        )


def choose_embeddings(settings: Settings) -> Choice | None:
    """The embedding model that the settings ask for, None for full-text search only."""
    if settings.bedrock_embedding_model_id is not None:
        return Choice("bedrock", settings.bedrock_embedding_model_id)
    if settings.embedding_model is not None:
        _require_key("openai", settings, "EMBEDDING_MODEL")
        return Choice("openai", settings.embedding_model)
    return None


def _require_key(vendor: Vendor, settings: Settings, asked_by: str) -> None:
    if vendor == "anthropic" and settings.anthropic_api_key is None:
        raise LanguageConfigError(f"ANTHROPIC_API_KEY is missing: {asked_by} needs it")
    if vendor == "openai" and settings.openai_api_key is None and settings.openai_base_url is None:
        raise LanguageConfigError(f"OPENAI_API_KEY or OPENAI_BASE_URL is missing: {asked_by} needs it")
