"""Records on disk between the stages of a run: one JSON line each, written and read in constant memory."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

import msgspec

T = TypeVar("T")

BATCH_RECORDS = 1_000
BATCH_BYTES = 1_000_000
WRITTEN_BYTES = 1 << 17  # at a time: who reads a file while it is written waits for no more


class WorkFile(Generic[T]):
    """Writes records of one type. `add` returns the byte offset at which the record begins."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=WRITTEN_BYTES)
        self._encoder = msgspec.json.Encoder()
        self._buffer = bytearray()
        self._offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, record: T) -> int:
        offset = self._offset
        self._encoder.encode_into(record, self._buffer)
        self._buffer += b"\n"
        self._file.write(self._buffer)
        self._offset += len(self._buffer)
        return offset


def write_records(path: Path, records: Iterable[T]) -> None:
    """All of them, as a file of their own."""
    with WorkFile[T](path) as out:
        for record in records:
            out.add(record)


def read_records(path: Path, type_: type[T]) -> Iterator[T]:
    """All records, in order."""
    decoder = msgspec.json.Decoder(type_)
    with path.open("rb", buffering=1 << 20) as lines:
        for line in lines:
            yield decoder.decode(line)


def read_records_at(path: Path, type_: type[T], offsets: Iterable[int]) -> Iterator[T]:
    """The records that begin at these byte offsets. Little is read ahead: they stand far apart."""
    decoder = msgspec.json.Decoder(type_)
    with path.open("rb") as lines:
        for offset in offsets:
            lines.seek(offset)
            yield decoder.decode(lines.readline())


def read_batches(path: Path, type_: type[T]) -> Iterator[list[T]]:
    """The records in batches of at most BATCH_RECORDS and about BATCH_BYTES."""
    decoder = msgspec.json.Decoder(type_)
    batch: list[T] = []
    size = 0
    with path.open("rb", buffering=1 << 20) as lines:
        for line in lines:
            batch.append(decoder.decode(line))
            size += len(line)
            if len(batch) >= BATCH_RECORDS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


async def off_loop(items: Iterator[T]) -> AsyncIterator[T]:
    """The same items, each fetched on a thread, so that a slow disk never stops the event loop."""
    while (item := await asyncio.to_thread(next, items, None)) is not None:
        yield item
