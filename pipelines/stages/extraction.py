"""Facts from passages on disk: batches sized for the language engine, several at a time, each a stored step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract import Extraction, Passage, Ports
from pipelines.history.passages import characters
from pipelines.stages.bounds import within_bounds
from pipelines.stages.estimate import Later
from pipelines.stages.ledger import Ledger, Unread
from pipelines.stages.readings import read_talks, require_an_answer
from pipelines.stages.results import version_of
from pipelines.work.growing import read_growing
from pipelines.work.parallel import in_order
from pipelines.work.records import off_loop, read_batches

NOTABLE_SHARE = 0.1  # of the user's own text


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages for one language call, and how many characters they have; `n` counts from 0."""

    n: int
    passages: tuple[Passage, ...]
    characters: int


async def extract_facts(
    path: Path,
    ports: Ports,
    taken: Callable[[Ledger, int], Awaitable[None]],
    later: Later,
    written: asyncio.Event | None = None,
) -> Ledger:
    """Everything that the passages in the file say about the user; `written` is set once a file that still grows is
    whole. `later`: what will be asked once the facts are there, for the estimate of what is paid.

    `taken(ledger, batches)` is awaited after each batch has been added. A failed call ends the run: facts that are
    missing without a word would be worse than a job that says that it failed. What an engine is paid for is kept, and
    read in conversations instead of batches.
    """
    if ports.readings is not None and ports.language.kept_as:
        return await read_talks(path, ports, ports.readings, taken, later)
    ledger = Ledger()
    done = 0

    async def work(batch: Batch) -> Extraction:
        version = version_of(ports.language.name, batch.passages)

        async def extract() -> Extraction:
            return within_bounds(await ports.language.extract(batch.passages), batch.characters)

        return await ports.steps.run(f"facts/{batch.n:04d}", version, Extraction, extract)

    async def take(extraction: Extraction) -> None:
        nonlocal done
        ledger.add(extraction)
        done += 1
        await taken(ledger, done)

    pages = off_loop(read_batches(path, Passage)) if written is None else read_growing(path, Passage, written)
    await in_order(batches(pages, ports.language.extract_characters), work, take, ports.fact_concurrency)
    require_an_answer(ledger, 1)
    return ledger


async def batches(pages: AsyncIterator[Sequence[Passage]], size: int) -> AsyncIterator[Batch]:
    """Passages in batches of about `size` characters, at least one passage each, however they come in pages.

    A conversation is parted only where it fills more than a batch: what its beginning has set up ("Let's roleplay")
    counts for all of it.
    """
    n, held, total = 0, list[Passage](), 0
    async for page in pages:
        for passage in page:
            length = characters(passage)
            while held and total + length > size:
                whole = _before(passage.conversation_id, held) or held
                full = sum(map(characters, whole))
                yield Batch(n, tuple(whole), full)
                n, held, total = n + 1, held[len(whole) :], total - full
            held.append(passage)
            total += length
    if held:
        yield Batch(n, tuple(held), total)


def _before(conversation: str, passages: Sequence[Passage]) -> Sequence[Passage]:
    """The passages before those of this conversation, which stand last."""
    end = len(passages)
    while end and passages[end - 1].conversation_id == conversation:
        end -= 1
    return passages[:end]


def unread_warning(unread: Unread) -> tuple[str, ...]:
    """Warnings for the user when a good part of their text could not be read, or some of it took too long."""
    warnings = []
    if unread.unpaid:
        caps = " and ".join(unread.caps)
        warnings.append(
            f"{unread.share:.0%} of the user's own text was not read: {caps} had no more money for it "
            f"({unread.unpaid:,} passages). The next import asks for it again."
        )
    elif unread.share >= NOTABLE_SHARE:
        warnings.append(f"{unread.share:.0%} of the user's own text is in a language or form that could not be read.")
    if unread.skipped:
        warnings.append(f"Passages that the language provider did not read, and were left out: {unread.skipped:,}.")
    if unread.given_up:
        warnings.append(f"Messages of the user's that took too long to read, and were left out: {unread.given_up:,}.")
    if unread.left_out:
        warnings.append(f"Facts that were left out, since so short a text cannot hold them: {unread.left_out:,}.")
    return tuple(warnings)
