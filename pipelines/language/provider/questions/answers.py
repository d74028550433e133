"""The shapes that a model must answer in; an answer that does not fit is asked for again."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, create_model

from pipelines.contract import SECTION_FIELDS, Category, SectionName

LIST_FIELDS = frozenset({
    "personality_traits", "boundaries", "relationships", "interests", "life_context", "behavioral_rules",
    "memory_directives", "do_not", "likely_usage", "capabilities_emphasis", "output_preferences",
})  # fmt: skip

Words = Annotated[str, Field(max_length=600)]
Item = Annotated[str, Field(max_length=200)]


class Answer(BaseModel):
    """A shape that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class FoundFact(Answer):
    """One thing that the user says about the user."""

    category: Category
    value: str = Field(
        max_length=200, description="a few words, as in a list: 'painting', 'Lisbon', 'no bullet points'"
    )
    quote: str = Field(max_length=600, description="the user's words that say so, copied exactly, one sentence")
    detail: str = Field(
        "", max_length=200, description="project: what it is; date: the date; decision: why; relationship: who"
    )


class FoundFacts(Answer):
    """Everything found in one passage; empty when the user says nothing about the user."""

    facts: list[FoundFact] = Field(max_length=200)


class KeptFact(Answer):
    """One fact worth keeping, and those that say the same."""

    fact: int = Field(description="its number in the list")
    same_as: list[int] = Field([], description="numbers of facts that say the same and can go")


class KeptFacts(Answer):
    """The facts worth keeping, the most telling first."""

    kept: list[KeptFact] = Field(min_length=1)


class MemoryLine(Answer):
    """One line of MEMORY."""

    text: str = Field(min_length=1, max_length=400)
    facts: list[int] = Field(min_length=1, description="numbers of the facts that the line rests on")


class MemoryAnswer(Answer):
    """MEMORY, section by section; a section without facts is empty."""

    about: list[MemoryLine] = Field([], description="who the person is: name, place, work, people, life, interests")
    preferences: list[MemoryLine] = []
    projects: list[MemoryLine] = []
    important_dates: list[MemoryLine] = []
    beliefs_and_values: list[MemoryLine] = []
    decisions_and_context: list[MemoryLine] = []


def _section_answer(section: SectionName) -> type[Answer]:
    """The shape of one section: a string for each field, a list of strings for those that are lists."""
    fields = {name: (list[Item] if name in LIST_FIELDS else Words, ...) for name in SECTION_FIELDS[section]}
    shape: type[Answer] = create_model(f"{section.title()}Section", __base__=Answer, **fields)  # type: ignore[call-overload]
    return shape


def _profile_answer() -> type[Answer]:
    parts: dict[str, type[Answer]] = {name: _section_answer(name) for name in SECTION_FIELDS} | {"memory": MemoryAnswer}
    fields = {name: (shape | None, None) for name, shape in parts.items()}
    whole: type[Answer] = create_model("ProfileAnswer", __base__=Answer, **fields)  # type: ignore[call-overload]
    return whole


# Every part of a profile is asked for in this one shape: shapes are sent first, and calls share what comes first.
ProfileAnswer = _profile_answer()
