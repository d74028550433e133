"""Reduction always ends, always fits, and never adds a fact."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.events import Notice
from pipelines.language.provider.calls.retry import CallLimit
from pipelines.language.provider.engine import ProviderLanguage
from pipelines.language.provider.questions.answers import KeptFact
from pipelines.language.provider.questions.reduction import split, take_choice
from pipelines.stages.ledger import total_tokens
from tests.pipelines.language.provider.material import fact

FACTS = st.lists(
    st.builds(
        fact, st.text("abcdefgh ", min_size=1, max_size=40), st.sampled_from(["interest", "belief"]), st.integers(1, 9)
    ),
    max_size=30,
)
CHOICES = st.lists(
    st.builds(
        lambda n, same: {"fact": n, "same_as": same}, st.integers(-3, 40), st.lists(st.integers(-3, 40), max_size=5)
    ),
    min_size=1,
    max_size=40,
)


def engine_that_answers(kept: list[dict[str, Any]], window: int, noticed: list[Notice]) -> ProviderLanguage:
    async def respond(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, {"kept": kept})])

    line = CallLimit(3, notify=lambda notice, _: noticed.append(notice))
    return ProviderLanguage(Asker(FunctionModel(respond), "test:model", line), window_tokens=window)


@given(facts=FACTS, kept=CHOICES, keep=st.integers(0, 400), window=st.integers(10, 300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_it_ends_and_fits_whatever_the_model_answers(
    facts: list[Any], kept: list[dict[str, Any]], keep: int, window: int
) -> None:
    left, _ = await engine_that_answers(kept, window, []).reduce(facts, keep)
    assert total_tokens(left) <= keep
    known = {(one.category, one.sentence) for one in facts}
    assert {(one.category, one.sentence) for one in left} <= known


async def test_a_model_that_keeps_everything_is_cut_short() -> None:
    facts = [fact(f"hobby number {n}") for n in range(60)]
    noticed: list[Notice] = []
    language = engine_that_answers([{"fact": n} for n in range(60)], 10_000, noticed)
    left, usage = await language.reduce(facts, 100)
    assert left
    assert "truncated" in noticed
    assert usage.calls == 1


async def test_facts_that_fit_cost_nothing() -> None:
    language = engine_that_answers([], 10_000, [])
    left, usage = await language.reduce([fact("bees"), fact("bees")], 1_000)
    assert [one.support for one in left] == [2]
    assert usage.calls == 0


@given(FACTS, CHOICES)
def test_a_choice_never_counts_a_fact_twice(facts: list[Any], choices: list[dict[str, Any]]) -> None:
    taken = take_choice(facts, [KeptFact(**choice) for choice in choices])
    assert sum(one.support for one in taken) <= sum(one.support for one in facts)
    assert len(taken) <= len(facts)


@given(FACTS, st.integers(1, 200))
def test_groups_hold_every_fact_once_and_fit(facts: list[Any], window: int) -> None:
    groups = split(facts, window)
    assert [one for group in groups for one in group] == facts
    assert all(len(group) == 1 or total_tokens(group) <= window for group in groups)
