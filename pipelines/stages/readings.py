"""Facts conversation by conversation, for engines whose every call is paid: what an earlier import of the user's had
read is not asked again, and whatever else is in the export changes nothing about that."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec

from pipelines.contract import Extraction, Passage, PipelineError, Ports, Readings, Usage
from pipelines.history.passages import characters
from pipelines.stages.bounds import within_bounds
from pipelines.stages.estimate import Expected, Later
from pipelines.stages.ledger import Ledger
from pipelines.stages.results import version_of
from pipelines.stages.revision import load_kept
from pipelines.work.parallel import in_order
from pipelines.work.records import off_loop, read_records

LOOKED_UP = 100  # conversations at a time
MOST_HELD = 1_000  # conversations to a batch, however few of them are new
REFUSED_AT_FIRST = 20  # passages: if nothing at all was read until then, the provider is to blame


class Each(msgspec.Struct, frozen=True):
    """What was read in some conversations, in their order."""

    extractions: tuple[Extraction, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation's passages, and the key under which what is read in it is kept."""

    key: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TalkBatch:
    """Conversations that follow one another: `known` has been read before, the rest fits about one call."""

    talks: tuple[Talk, ...]
    known: Mapping[str, Extraction]

    @property
    def unknown(self) -> list[Talk]:
        """What has to be asked for."""
        return [talk for talk in self.talks if talk.key not in self.known]


async def read_talks(
    path: Path,
    ports: Ports,
    readings: Readings,
    taken: Callable[[Ledger, int], Awaitable[None]],
    later: Later,
) -> Ledger:
    """As `extract_facts`, but for what is known already."""
    await readings.expect(await _expected(path, ports, readings, later))
    ledger = Ledger()
    done = 0

    async def work(batch: TalkBatch) -> Sequence[Extraction]:
        found = dict(batch.known)
        if unknown := batch.unknown:
            answers = await _ask(unknown, ports, readings)
            found |= {talk.key: answer for talk, answer in zip(unknown, answers, strict=True)}
        return [found[talk.key] for talk in batch.talks]

    async def take(extractions: Sequence[Extraction]) -> None:
        nonlocal done
        for extraction in extractions:
            ledger.add(extraction)
        require_an_answer(ledger, REFUSED_AT_FIRST)
        done += 1
        await taken(ledger, done)

    await in_order(_batches(path, ports, readings), work, take, ports.fact_concurrency)
    require_an_answer(ledger, 1)
    return ledger


def require_an_answer(ledger: Ledger, skipped: int) -> None:
    """Raises `PipelineError` where so many passages were refused and none was read."""
    if ledger.skipped >= skipped and ledger.read_chars == 0:
        raise PipelineError(
            "The language provider gave no usable answer to any of the text.",
            retryable=True,
            cause="dependency:provider",
        )


async def _ask(talks: Sequence[Talk], ports: Ports, readings: Readings) -> Sequence[Extraction]:
    """A stored step, so that an attempt that follows knows what this one paid. What was refused is not kept."""
    passages = [talk.passages for talk in talks]

    async def work() -> Each:
        read = await ports.language.extract_each(passages)
        bounded = tuple(
            within_bounds(extraction, sum(map(characters, talk.passages)))
            for talk, extraction in zip(talks, read, strict=True)
        )
        whole = {talk.key: one for talk, one in zip(talks, bounded, strict=True) if not one.skipped and not one.unpaid}
        await readings.save(whole)
        return Each(bounded)

    name = hashlib.sha256("".join(talk.key for talk in talks).encode()).hexdigest()[:24]
    version = version_of(ports.language.name, [talk.key for talk in talks])
    return (await ports.steps.run(f"facts/{name}", version, Each, work)).extractions


async def _expected(path: Path, ports: Ports, readings: Readings, later: Later) -> Usage:
    """What the calls of this job will take, by the words that are not known yet."""
    expected = Expected(ports.language.extract_characters, ports.language.window_tokens)
    async for page in off_loop(_pages(path, ports.language.kept_as)):
        known = await readings.load([talk.key for talk in page])
        for talk in page:
            expected.add(talk.passages, known.get(talk.key), later.sample_characters)
    return expected.usage(later, await load_kept(later.sections, ports, memory=later.memory))


async def _batches(path: Path, ports: Ports, readings: Readings) -> AsyncIterator[TalkBatch]:
    size = ports.language.extract_characters
    held, known, total = list[Talk](), dict[str, Extraction](), 0
    async for page in off_loop(_pages(path, ports.language.kept_as)):
        known |= await readings.load([talk.key for talk in page])
        for talk in page:
            length = 0 if talk.key in known else sum(map(characters, talk.passages))
            if (total and total + length > size) or len(held) >= MOST_HELD:
                yield _batch(held, known)
                held, total = [], 0
            held.append(talk)
            total += length
        known = {talk.key: known[talk.key] for talk in held if talk.key in known}
    if held:
        yield _batch(held, known)


def _batch(talks: Sequence[Talk], known: Mapping[str, Extraction]) -> TalkBatch:
    return TalkBatch(tuple(talks), {talk.key: known[talk.key] for talk in talks if talk.key in known})


def _pages(path: Path, kept_as: str) -> Iterator[list[Talk]]:
    page: list[Talk] = []
    for _, passages in groupby(read_records(path, Passage), key=lambda passage: passage.conversation_id):
        together = tuple(passages)
        page.append(Talk(key_of(kept_as, together), together))
        if len(page) >= LOOKED_UP:
            yield page
            page = []
    if page:
        yield page


def key_of(kept_as: str, passages: Sequence[Passage]) -> str:
    """A fingerprint of a conversation's words and of what reads them."""
    return hashlib.sha256(msgspec.msgpack.encode((kept_as, passages))).hexdigest()
