"""USER: who the user is."""

from typing import Any

from pipelines.contract import NOT_ENOUGH
from pipelines.language.embedded.writing.saying import person_text
from pipelines.language.embedded.writing.sections.evidence import Evidence


def user_section(evidence: Evidence) -> dict[str, Any]:
    """The fields of `user`."""
    called = [fact.value for fact in evidence.facts if fact.category == "name" and "call" in fact.sentence.lower()]
    return {
        "name": evidence.first("name"),
        "location": evidence.first("location"),
        "occupation": evidence.first("occupation"),
        "relationships": [person_text(fact) for fact in evidence.facts if fact.category == "relationship"][:15],
        "interests": evidence.values("interest", 20),
        "life_context": evidence.values("life_context", 15),
        "preferred_address": (called or evidence.values("name", 1) or [NOT_ENOUGH])[0],
    }
