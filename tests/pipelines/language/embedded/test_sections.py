"""What the written sections say of few facts, and how they word a plan and the user's own things."""

import pytest

from pipelines.contract import Category, Fact
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.language.embedded.writing.saying import to_tell
from pipelines.language.embedded.writing.sections.agents import agents_section
from pipelines.language.embedded.writing.sections.evidence import Evidence
from pipelines.language.embedded.writing.sections.identity import identity_section
from pipelines.language.embedded.writing.wording import of_them
from tests.pipelines.language.embedded.reading import compute_here


def evidence(category: Category, *values: str) -> Evidence:
    return Evidence(
        to_tell(Fact(category, value, value, "c", f"m{at}", float(at)) for at, value in enumerate(values)), {}
    )


def test_two_interests_are_not_many() -> None:
    assert "many" not in identity_section(evidence("interest", "chess", "rowing"))["vibe"]
    assert "has many interests" in identity_section(evidence("interest", "chess", "rowing", "opera", "bees"))["vibe"]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("plans to visit Oslo", "follow up: they plan to visit Oslo"),
        ("aims to read 30 of my books", "follow up: they aim to read 30 of their books"),
        ("plans on moving", "follow up: they plan on moving"),
        ("booked a flight to Oslo", "follow up on: booked a flight to Oslo"),
        ("goal: run a marathon", "follow up on their goal: run a marathon"),
    ],
)
def test_a_plan_is_followed_up_in_a_whole_sentence(plan: str, told: str) -> None:
    assert agents_section(evidence("commitment", plan))["memory_directives"] == [told]


def test_how_the_user_wants_to_be_answered_is_a_rule_and_a_taste_is_none() -> None:
    asked = ("write in full sentences", "ask me questions before you answer", "use markdown")
    rules = agents_section(evidence("preference", *asked, "uses Directus", "likes olives"))["behavioral_rules"]
    assert set(rules) == set(asked)


def test_what_the_user_says_of_themselves_is_told_of_them() -> None:
    assert of_them("exercise is important to me") == "exercise is important to them"
    assert of_them("my sister and myself") == "their sister and themselves"
    assert of_them("a theme for a game") == "a theme for a game"


async def test_sections_of_users_by_turns_are_each_of_their_own_facts() -> None:
    language = EmbeddedLanguage(compute_here)
    for hobby in ("chess", "rowing", "chess"):
        written, _ = await language.section("user", [Fact("interest", hobby, hobby, "c", "m")], {}, [])
        assert ([name for name in ("chess", "rowing") if name in str(written)]) == [hobby]
