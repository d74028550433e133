"""A judge is asked blind and in both orders, and believed only when both answers agree."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.shadow.compare.judge import Judgement, Preference, judge, prompts, read_preference, settle
from pipelines.language.embedded import EmbeddedLanguage
from tests.fakes.provider import Answerer, Call, running_provider
from tests.pipelines.language.provider.conftest import open_rig


def test_both_orders_are_asked_without_names() -> None:
    straight, swapped = prompts("Which knows the person better?", "text A", "text B")
    assert (straight.first, straight.second) == (swapped.second, swapped.first) == ("text A", "text B")
    assert (straight.swapped, swapped.swapped) == (False, True)


@pytest.mark.parametrize(
    ("straight", "swapped", "judgement"),
    [
        ("first", "second", "one"), ("second", "first", "other"), ("tie", "tie", "tie"),
        ("first", "first", "undecided"), ("second", "second", "undecided"),
        ("first", "tie", "undecided"), ("tie", "second", "undecided"),
    ],
)  # fmt: skip
def test_only_agreement_decides(straight: Preference, swapped: Preference, judgement: Judgement) -> None:
    assert settle(straight, swapped) == judgement


@pytest.mark.parametrize(
    ("answer", "preference"),
    [
        ("FIRST", "first"), ("**Second.** It names her town.", "second"), ("Tie: both", "tie"), ("first, so", "first"),
        ("", None), ("The first one", None), ("> quoted", None), ("firstly", None),
    ],
)  # fmt: skip
def test_only_a_plain_word_is_an_answer(answer: str, preference: Preference | None) -> None:
    assert read_preference(answer) == preference


def by_length(call: Call) -> str:
    """A judge that likes the longer text, wherever it stands."""
    return "FIRST, it says more" if call.text.index("LONG") < call.text.index("SHORT") else "SECOND"


def by_position(call: Call) -> str:
    """A judge that likes what stands first."""
    return "FIRST"


@pytest.mark.parametrize(("judge_by", "judgement"), [(by_length, "other"), (by_position, "undecided")])
async def test_a_model_judges_over_the_language_protocol(judge_by: Answerer, judgement: Judgement) -> None:
    with running_provider(judge_by) as provider:
        async with open_rig(provider) as rig:
            judged, usage = await judge(rig.language, "SHORT", "LONG, LONG")
        assert judged == judgement
        assert (usage.calls, usage.input_tokens) == (2, 200)
        assert all("v1" not in call.text for call in provider.calls)


async def test_an_engine_that_cannot_judge_is_undecided() -> None:
    async def compute_here(function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    judgement, _ = await judge(EmbeddedLanguage(compute_here), "Likes tea.", "Likes coffee.")
    assert judgement == "undecided"
