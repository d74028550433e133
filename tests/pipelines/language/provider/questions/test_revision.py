"""What a portrait says after a revision: nothing that only ended facts said, and all that still holds."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Change, Fact, Portrait
from pipelines.language.provider.questions.answers import LIST_FIELDS, ProfileAnswer
from pipelines.language.provider.questions.gone import Gone
from pipelines.language.provider.questions.memory import parse, render
from pipelines.language.provider.questions.revision import Revision, texts_of
from tests.pipelines.language.provider.material import fact

THINGS = [
    "painting",
    "chess",
    "rowing",
    "Graz",
    "the cello",
    "tea",
    "Acme",
    "baking bread",
    "short answers",
    "\u5317\u4eac",
]
some_things = st.lists(st.sampled_from(THINGS), unique=True)


def portrait(facts: list[Fact], together: int = 1) -> Portrait:
    """A section and a MEMORY that tell the facts, so many to a sentence."""
    groups = [facts[n : n + together] for n in range(0, len(facts), together)]
    told = [f"Enjoys {' and '.join(one.value for one in group)}." for group in groups]
    user = {"name": " ".join(told) or NOT_ENOUGH, "interests": [one.value for one in facts]}
    return Portrait(tuple(facts), {"user": user}, memory=render({"about": told}))


def user_fields(text: str, items: list[str]) -> dict[str, str | list[str]]:
    """A section about the user that says the same in each field."""
    return {name: items if name in LIST_FIELDS else text for name in SECTION_FIELDS["user"]}


def revised(before: Portrait, now: list[Fact], answer: object = None) -> Portrait:
    change = Change(
        added=tuple(one for one in now if one not in before.facts),
        ended=tuple(one for one in before.facts if one not in now),
    )
    return Revision.of(before, now, change).take(answer)[0]  # type: ignore[arg-type]


@given(some_things, some_things, st.integers(1, 3))
def test_nothing_that_ended_is_said_and_nothing_that_holds_is_lost(
    first: list[str], second: list[str], together: int
) -> None:
    before = portrait([fact(value) for value in first], together)
    now = [fact(value) for value in second]
    result = revised(before, now)
    memory = [line for lines in parse(result.memory).values() for line in lines]
    texts = [*texts_of(result.sections["user"]), *memory]
    assert not any(value in text for value in set(first) - set(second) for text in texts)
    assert all(any(value in line for line in memory) for value in second)
    assert set(result.sections["user"]["interests"]) >= set(first) & set(second)


@given(some_things, some_things)
def test_a_model_that_repeats_what_ended_is_not_heard(first: list[str], second: list[str]) -> None:
    before = portrait([fact(value) for value in first])
    fields = user_fields(f"Enjoys {'. Enjoys '.join(first)}.", [*first, *second])
    lines = [{"text": value, "facts": [0]} for value in first]
    answer = ProfileAnswer.model_validate({"user": fields, "memory": {"about": lines}})
    result = revised(before, [fact(value) for value in second], answer)
    said = " ".join([*texts_of(result.sections["user"]), result.memory])
    assert not any(value in said for value in set(first) - set(second))


def test_words_that_a_fact_in_force_says_too_may_stay() -> None:
    gone = Gone.of([fact("lives in Lisbon", "location")], [fact("lives in Graz", "location")])
    assert gone.stands_in("She is in Lisbon these days")
    assert not gone.stands_in("She lives in Graz")
    wider = Gone.of([fact("hiking")], [fact("hiking in Graz")])
    assert not wider.stands_in("Enjoys hiking in Graz")


def test_what_is_denied_now_was_not_denied_then() -> None:
    gone = Gone.of(
        [fact("bullet points", "preference", sentence="I like bullet points")],
        [fact("no bullet points", "preference", sentence="No bullet points")],
    )
    assert gone.stands_in("Use bullet points.")
    assert not gone.stands_in("Use no bullet points.")


def test_a_field_that_the_model_leaves_empty_keeps_what_it_said() -> None:
    before = portrait([fact("chess")])
    before.sections["user"] |= {"location": "Graz"}
    answer = ProfileAnswer.model_validate({"user": user_fields("", [])})
    result = revised(before, [fact("chess"), fact("tea")], answer)
    assert result.sections["user"]["interests"] == ["chess"]
    assert result.sections["user"]["location"] == "Graz"
