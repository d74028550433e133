"""Both vendors' batch interfaces over HTTP: asked, ended, collected, lost and found."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from pipelines.contract import Message, Passage, PipelineError, Usage
from pipelines.language.provider.batches.desk import BatchDesk
from pipelines.language.provider.batches.records import NotYetKnown
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.events import Notice
from pipelines.language.provider.calls.retry import CallLimit
from pipelines.language.provider.engine import count_nothing
from pipelines.language.provider.vendors import via_anthropic, via_openai
from pipelines.language.waiting import Answer, Asked, NotSent, Unknown, Waiting
from tests.fakes.provider import FakeProvider, Reply
from tests.pipelines.language.provider.conftest import QUICK

SAID = "I live in Lisbon. I love chess."


@dataclass
class Rig:
    """A desk, what it told its owner, and what was kept and paid in the usual way."""

    desk: BatchDesk
    noticed: dict[Notice, float]
    known: dict[str, Answer] = field(default_factory=dict)
    paid: list[Any] = field(default_factory=list)

    def waiting(self, **changes: Any) -> Waiting:
        async def pay(size: int, call: Callable[[], Awaitable[Any]], usage_of: Callable[[Any], Usage]) -> Any:
            answer = await call()
            self.paid.append((size, usage_of(answer)))
            return answer

        async def keep(key: str, answer: Answer) -> None:
            self.known[key] = answer

        return Waiting(self.known, pay, keep, **changes)

    async def ask(self, text: str = SAID, **changes: Any) -> Any:
        """The facts of a text, or the questions that wait."""
        waiting = self.waiting(**changes)
        message = Message("m1", "user", text, 1.7e9)
        work = asyncio.ensure_future(self._extract(waiting, Passage("c1", "talk", 1.7e9, (message,))))
        while not work.done() and not waiting.nothing_else:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        if work.done():
            return work.result()
        work.cancel()
        return list(waiting.asked.values())

    async def _extract(self, waiting: Waiting, passage: Passage) -> Any:
        with waiting.call():
            return await self.desk.engine(waiting).extract([passage])

    async def end(self, provider: FakeProvider, asked: list[Asked], how: Any = "answered") -> list[Any]:
        """Send them, end the batch so, and know its answers."""
        handle = await self.desk.send(uuid4(), asked)
        provider.batches.end(how)
        handle, ended = await self.desk.look(handle)
        assert ended
        collected = await self.desk.collect(handle)
        self.known |= {asked[one.n].key: one.answer for one in collected}
        self.desk.count(collected)
        await self.desk.delete(handle)
        return collected


@pytest.fixture(params=["anthropic", "openai"])
async def rig(request: pytest.FixtureRequest, provider: FakeProvider) -> AsyncIterator[Rig]:
    if request.param == "anthropic":
        connection = via_anthropic.connect("claude-haiku-5-5", "key", provider.url)
    else:
        connection = via_openai.connect_batches("gpt-6-luna", "key", provider.openai_url)
    noticed: dict[Notice, float] = {}

    def notify(notice: Notice, amount: float) -> None:
        noticed[notice] = noticed.get(notice, 0) + amount

    assert connection.batches is not None
    asker = Asker(connection.model, connection.name, CallLimit(3, QUICK, None, notify), marks=connection.marks)
    yield Rig(BatchDesk(asker, connection.model, connection.batches, count_nothing), noticed)
    await connection.close()


async def test_the_same_is_asked_under_the_same_key_and_answered_from_the_batch(
    rig: Rig, provider: FakeProvider
) -> None:
    asked = await rig.ask()
    assert asked == await rig.ask()
    assert {one.key for one in asked}.isdisjoint(one.key for one in await rig.ask("I love tea."))
    assert {one.key for one in asked}.isdisjoint(one.key for one in await rig.ask(part="first"))
    collected = await rig.end(provider, asked)
    found = await rig.ask()
    assert {fact.value for fact in found.facts} == {"Lisbon", "chess"}
    assert found.usage == sum((one.usage for one in collected), Usage())
    assert provider.calls == []
    assert rig.paid == []


async def test_an_answer_of_a_batch_costs_half(rig: Rig, provider: FakeProvider) -> None:
    batched = (await rig.end(provider, await rig.ask()))[0].usage
    rig.known.clear()
    live = (await rig.ask(live=True)).usage
    assert (batched.input_tokens, batched.output_tokens) == (live.input_tokens, live.output_tokens)
    assert batched.cost_usd == pytest.approx(live.cost_usd / 2)
    assert batched.cost_usd > 0
    assert rig.noticed["cost_usd"] == pytest.approx(batched.cost_usd + live.cost_usd)
    assert rig.noticed["call"] == 2


@pytest.mark.parametrize("how", ["expired", "canceled"])
async def test_what_a_batch_did_not_answer_is_asked_once_in_the_usual_way(
    rig: Rig, provider: FakeProvider, how: str
) -> None:
    collected = await rig.end(provider, await rig.ask(), how)
    assert [one.usage for one in collected] == [Usage()]
    first, again = await rig.ask(), await rig.ask()
    assert first == again
    assert len(provider.calls) == len(rig.paid) == 1
    assert rig.paid[0][1] == first.usage


async def test_what_is_refused_counts_as_refused(rig: Rig, provider: FakeProvider) -> None:
    await rig.end(provider, await rig.ask(), "errored")
    found = await rig.ask()
    assert (found.skipped, found.facts) == (1, ())
    assert provider.calls == []


async def test_a_fault_of_the_provider_is_asked_in_the_usual_way(rig: Rig, provider: FakeProvider) -> None:
    provider.plan(Reply(status=500))
    await rig.end(provider, await rig.ask())
    assert {fact.value for fact in (await rig.ask()).facts} == {"Lisbon", "chess"}
    assert len(provider.calls) == 1


async def test_a_batch_that_was_taken_unheard_is_found_by_its_number(rig: Rig, provider: FakeProvider) -> None:
    asked, number, began = await rig.ask(), uuid4(), datetime.now(UTC)
    other = await rig.desk.send(uuid4(), asked)
    provider.batches.refuse = [0]
    with pytest.raises(PipelineError) as lost:
        await rig.desk.send(number, asked)
    assert not isinstance(lost.value, NotSent)
    where = 1, asked[0].group, began

    async def find(which: UUID) -> str | None:
        try:
            return await rig.desk.find(which, *where, [other])
        except NotYetKnown:
            assert provider.batches.under_way
            provider.batches.end()
            return await rig.desk.find(which, *where, [other])

    handle = await find(number)
    assert handle is not None
    provider.batches.end()
    handle, ended = await rig.desk.look(handle)
    assert ended
    assert [one.answer.status for one in await rig.desk.collect(handle)] == ["succeeded"]
    assert await find(uuid4()) is None


@pytest.mark.parametrize(("status", "retryable"), [(429, True), (400, False), (401, False)])
async def test_a_batch_that_is_refused_was_not_sent(
    rig: Rig, provider: FakeProvider, status: int, retryable: bool
) -> None:
    provider.batches.refuse = [status]
    with pytest.raises(NotSent) as refused:
        await rig.desk.send(uuid4(), await rig.ask())
    assert refused.value.retryable == retryable
    assert provider.batches.batches == {}


async def test_a_batch_that_the_provider_does_not_know_is_unknown(rig: Rig, provider: FakeProvider) -> None:
    handle = await rig.desk.send(uuid4(), await rig.ask())
    provider.batches.batches.clear()
    with pytest.raises(Unknown):
        await rig.desk.look(handle)


async def test_the_provider_is_asked_to_forget_what_it_has(rig: Rig, provider: FakeProvider) -> None:
    await rig.end(provider, await rig.ask())
    assert provider.batches.deleted
    assert provider.batches.files == {}


async def test_a_batch_is_cancelled(rig: Rig, provider: FakeProvider) -> None:
    handle = await rig.desk.cancel(await rig.desk.send(uuid4(), await rig.ask()))
    assert [batch.cancelled for batch in provider.batches.under_way] == [True]
    assert not (await rig.desk.look(handle))[1]
