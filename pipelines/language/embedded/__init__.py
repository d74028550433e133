"""The embedded language engine: rules over the user's own words; no key, no network, the same bytes every time."""

from pipelines.language.embedded.engine import EmbeddedLanguage
from pipelines.language.embedded.facts import merge_facts, settle_conflicts

__all__ = ["EmbeddedLanguage", "merge_facts", "settle_conflicts"]
