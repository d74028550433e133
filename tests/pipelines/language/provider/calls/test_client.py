"""How a provider is called: what is tried again, what is given up, how many at once, and what it costs."""

import asyncio

import msgspec
import pytest

from pipelines.contract import PipelineError, Usage
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.retry import CallLimit, Patience, Refused
from pipelines.language.provider.engine import ProviderLanguage
from pipelines.language.provider.vendors import via_openai
from tests.fakes.provider import Call, FakeProvider, Json, Reply, answer_plausibly, running_provider
from tests.pipelines.language.provider.conftest import Rig, open_rig
from tests.pipelines.language.provider.material import fact, said

ANA = said("My name is Ana.")
FACTS = (fact("painting", support=2), fact("chess"))


async def test_facts_come_back_tied_to_the_message_that_says_them(rig: Rig) -> None:
    (found,) = (await rig.language.extract([ANA])).facts
    assert (found.category, found.value, found.sentence) == ("name", "Ana", "My name is Ana")
    assert (found.conversation_id, found.message_id, found.time) == ("c1", "m1.0", 1_700_000_000.0)


async def test_tokens_and_calls_are_counted(rig: Rig) -> None:
    usage = (await rig.language.extract([ANA])).usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (1, 100, 20)


async def test_a_known_model_has_a_price_and_an_unknown_one_is_noticed(provider: FakeProvider) -> None:
    async with open_rig(provider, "anthropic") as known, open_rig(provider, "openai") as unknown:
        assert (await known.language.extract([ANA])).usage.cost_usd > 0
        assert (await unknown.language.extract([ANA])).usage.cost_usd == 0
    assert "unpriced" not in known.noticed
    assert unknown.noticed["unpriced"] == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503, 529])
async def test_a_passing_failure_is_tried_again(rig: Rig, provider: FakeProvider, status: int) -> None:
    provider.plan(Reply(status), Reply(status))
    assert (await rig.language.extract([ANA])).facts
    assert len(provider.calls) == 3
    assert rig.noticed["retry"] == 2


async def test_a_failure_that_stays_is_a_retryable_error_and_never_empty_facts(
    rig: Rig, provider: FakeProvider
) -> None:
    provider.plan(*[Reply(503)] * 4)
    with pytest.raises(PipelineError, match="answered 503") as raised:
        await rig.language.extract([ANA])
    assert raised.value.retryable
    assert len(provider.calls) == 4
    assert rig.noticed["failure"] == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_refused_request_is_not_tried_again(rig: Rig, provider: FakeProvider, status: int) -> None:
    provider.plan(Reply(status))
    with pytest.raises(PipelineError, match=f"answered {status}") as raised:
        await rig.language.answer("Who?", "profile", [])
    assert not raised.value.retryable
    assert len(provider.calls) == 1


async def test_the_key_is_never_in_an_error(provider: FakeProvider) -> None:
    provider.plan(Reply(401))
    async with open_rig(provider) as rig:
        with pytest.raises(PipelineError) as raised:
            await rig.language.extract([ANA])
    assert "key" not in str(raised.value)


async def test_a_longer_retry_after_than_we_wait_goes_back_to_the_queue(rig: Rig, provider: FakeProvider) -> None:
    provider.plan(Reply(429, {"retry-after": "3600"}))
    with pytest.raises(PipelineError) as raised:
        await rig.language.extract([ANA])
    assert raised.value.retryable
    assert len(provider.calls) == 1


@pytest.mark.parametrize("asked", [{"retry-after": "7"}, {"retry-after-ms": "7000"}])
async def test_retry_after_is_waited_for(provider: FakeProvider, asked: dict[str, str]) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    provider.plan(Reply(429, asked), Reply(503))
    connection = via_openai.connect("local", None, provider.openai_url)
    line = CallLimit(1, Patience(first_wait=2.0, draw=lambda: 1.0, sleep=sleep))
    extraction = await ProviderLanguage(Asker(connection.model, connection.name, line)).extract([ANA])
    await connection.close()
    assert extraction.facts
    assert slept == [7.0, 4.0]


@pytest.mark.parametrize("raw", ["{", "", '"hello"', "[]", "<html>busy</html>"])
async def test_a_body_that_is_not_an_answer_is_an_error(rig: Rig, provider: FakeProvider, raw: str) -> None:
    provider.plan(*[Reply(raw=raw)] * 20)
    with pytest.raises(PipelineError):
        await rig.language.section("soul", FACTS, {}, [])


async def test_an_answer_of_the_wrong_shape_is_asked_for_again_with_the_reason(
    rig: Rig, provider: FakeProvider
) -> None:
    provider.plan(Reply(answer={"nope": 1}), Reply(answer={"facts": [{"category": "mood"}]}))
    extraction = await rig.language.extract([ANA])
    assert extraction.facts
    assert extraction.usage.calls == 3  # what was wrong was paid for too
    assert "mood" in provider.calls[2].text


async def test_an_answer_that_stays_wrong_is_an_error(rig: Rig, provider: FakeProvider) -> None:
    provider.plan(*[Reply(answer={"nope": 1})] * 3)
    with pytest.raises(PipelineError, match="no usable answer") as raised:
        await rig.language.section("soul", FACTS, {}, [])
    assert isinstance(raised.value, Refused)
    assert (len(provider.calls), raised.value.usage.calls) == (3, 3)  # what was wrong was paid for too


async def test_a_slow_provider_is_given_up(provider: FakeProvider) -> None:
    provider.plan(Reply(seconds=2.0), Reply(seconds=2.0))
    async with open_rig(provider, patience=Patience(attempts=2, call_seconds=0.1, first_wait=0.01)) as rig:
        with pytest.raises(PipelineError, match="in time") as raised:
            await rig.language.extract([ANA])
    assert raised.value.retryable


async def test_nobody_there_is_a_retryable_error(provider: FakeProvider) -> None:
    provider.url = "http://127.0.0.1:9"
    async with open_rig(provider, patience=Patience(attempts=2, first_wait=0.01)) as rig:
        with pytest.raises(PipelineError, match="could not be reached") as raised:
            await rig.language.extract([ANA])
    assert raised.value.retryable


async def test_no_more_calls_at_once_than_allowed(provider: FakeProvider) -> None:
    provider.plan(*[Reply(seconds=0.05)] * 8)
    async with open_rig(provider, concurrency=2) as rig:
        passages = [[said("My name is Ana.", n=n)] for n in range(8)]
        await asyncio.gather(*(rig.language.extract(some) for some in passages))
    assert len(provider.calls) == 8
    assert provider.most_at_once == 2


class CountingPace:
    """A pace that holds nobody up."""

    def __init__(self) -> None:
        self.taken = 0

    async def acquire(self, tokens: int = 1) -> None:
        self.taken += tokens


async def test_every_request_waits_for_the_pace_retries_and_re_asks_included(provider: FakeProvider) -> None:
    provider.plan(Reply(500), Reply(answer={"nope": 1}))
    pace = CountingPace()
    async with open_rig(provider, pace=pace) as rig:
        await rig.language.extract([ANA])
    assert pace.taken == len(provider.calls) == 3


async def test_one_failure_among_many_calls_is_raised_as_itself(provider: FakeProvider) -> None:
    provider.plan(Reply(403))
    long = [said(f"My name is Ana. {'word ' * 4_000}", n=n) for n in range(4)]
    async with open_rig(provider) as rig:
        with pytest.raises(PipelineError):
            await rig.language.extract(long)


async def test_passages_without_words_of_the_user_cost_nothing(rig: Rig, provider: FakeProvider) -> None:
    extraction = await rig.language.extract([said(assistant="I live in Mars")])
    assert extraction.facts == ()
    assert provider.calls == []


async def test_what_is_refused_is_asked_in_halves_and_what_stays_refused_is_left_out(provider: FakeProvider) -> None:
    def refuse(call: Call) -> Json | str:
        return {"nope": 1} if "BOMB" in call.text else answer_plausibly(call)

    talk = [said("My name is Ana.", n=0), said("BOMB I live in Oslo.", n=1), said("I love painting.", n=2)]
    with running_provider(refuse) as picky:
        async with open_rig(picky) as rig:
            found = await rig.language.extract(talk)
            each = await rig.language.extract_each([[passage] for passage in talk])
    assert sorted(fact.value for fact in found.facts) == ["Ana", "painting"]
    assert (found.skipped, found.unread_chars) == (1, len("BOMB I live in Oslo."))
    assert [one.skipped for one in each] == [0, 1, 0]
    assert [[fact.value for fact in one.facts] for one in each] == [["Ana"], [], ["painting"]]
    assert sum((one.usage for one in each), Usage()) == found.usage
    assert rig.noticed["skipped"] == 2


async def test_a_memory_that_is_refused_is_written_from_the_strongest_facts(provider: FakeProvider) -> None:
    provider.plan(Reply(413))
    async with open_rig(provider) as rig:
        text, _ = await rig.language.memory(FACTS)
    assert FACTS[0].value in text
    assert FACTS[-1].value not in text


async def test_the_model_is_told_when_things_were_said(rig: Rig, provider: FakeProvider) -> None:
    day = 86_400.0
    talk = said("I live in Oslo.", n=0)
    dated = msgspec.structs.replace(talk.messages[0], time=day)
    await rig.language.extract([msgspec.structs.replace(talk, messages=(dated,))])
    await rig.language.memory([msgspec.structs.replace(FACTS[0], time=2 * day)])
    assert "date: 1970-01-02" in provider.calls[0].text
    assert "last on 1970-01-03" in provider.calls[1].text
