"""In-memory ports for pipeline tests: they record what a pipeline does and fail or stop where they are told to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipelines.contract import (
    NO_STYLE,
    NOT_ENOUGH,
    SECTION_FIELDS,
    Chunk,
    Extraction,
    Fact,
    ImportRequest,
    Passage,
    PipelineError,
    Portrait,
    Ports,
    SectionName,
    Usage,
)

T = TypeVar("T")
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process went away in the middle of a run."""


@dataclass
class LocalExport:
    """An export that is already a local file."""

    path: Path
    fetched: int = 0

    async def fetch(self) -> Path:
        self.fetched += 1
        return self.path


@dataclass
class MemoryChunks:
    """Stored chunks of a user, in batches of two."""

    chunks: Sequence[Chunk] = ()

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        for n in range(0, len(self.chunks), 2):
            yield self.chunks[n : n + 2]


@dataclass
class RecordingSink:
    """Keeps chunks; `replaced` counts how often a run started over."""

    chunks: list[Chunk] = field(default_factory=list)
    replaced: int = 0

    async def replace_chunks(self) -> None:
        self.replaced += 1
        self.chunks.clear()

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        self.chunks.extend(chunks)


@dataclass
class MemorySteps:
    """Stored steps as JSON, as the real store keeps them. With `kill_after`, dies once that many steps were stored."""

    stored: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    kill_after: int | None = None

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        known = self.stored.get(name)
        if known is not None and known[0] == version:
            return msgspec.json.decode(known[1], type=type_)
        if self.kill_after is not None and len(self.ran) >= self.kill_after:
            raise Killed
        result = await work()
        self.ran.append(name)
        self.stored[name] = (version, _as_jsonb(result))
        return result


@dataclass
class MemoryReadings:
    """Readings of one user, over any number of runs."""

    kept: dict[str, Extraction] = field(default_factory=dict)
    expected: list[Usage] = field(default_factory=list)
    portraits: dict[str, Portrait] = field(default_factory=dict)

    async def load(self, keys: Sequence[str]) -> dict[str, Extraction]:
        known = {key: self.kept[key] for key in keys if key in self.kept}
        return {key: msgspec.structs.replace(reading, usage=Usage()) for key, reading in known.items()}

    async def save(self, readings: Mapping[str, Extraction]) -> None:
        self.kept |= readings

    async def expect(self, usage: Usage) -> None:
        self.expected.append(usage)

    async def load_portrait(self, key: str) -> Portrait | None:
        known = self.portraits.get(key)
        return None if known is None else msgspec.structs.replace(known, usage=Usage())

    async def save_portrait(self, key: str, portrait: Portrait) -> None:
        self.portraits[key] = msgspec.json.decode(_as_jsonb(portrait), type=Portrait)


def _as_jsonb(value: Any) -> bytes:
    """JSON as Postgres keeps it: shorter keys first, whatever their order was."""

    def reorder(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: reorder(node[key]) for key in sorted(node, key=lambda k: (len(k), k))}
        return [reorder(item) for item in node] if isinstance(node, list) else node

    return msgspec.json.encode(reorder(msgspec.to_builtins(value)))


@dataclass
class RecordedProgress:
    """Every report, in order. With `kill_after`, dies once that many were made."""

    reports: list[tuple[str, int]] = field(default_factory=list)
    kill_after: int | None = None

    async def __call__(self, step: str, percent: int) -> None:
        if self.kill_after is not None and len(self.reports) >= self.kill_after:
            raise Killed
        self.reports.append((step, percent))

    @property
    def steps(self) -> list[str]:
        """The steps in the order in which they were first reported."""
        return list(dict.fromkeys(step for step, _ in self.reports))


async def inline_compute(function: Callable[..., T], *args: Any) -> T:
    """Runs the function here."""
    return function(*args)


@dataclass
class EchoLanguage:
    """A language engine that takes each user message for a preference; fails at the calls named in `failing`."""

    name: str = "echo"
    kept_as: str = ""
    window_tokens: int = 4_000
    extract_characters: int = 2_000
    failing: frozenset[str] = frozenset()
    calls: list[str] = field(default_factory=list)
    shrinks: bool = True

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        self._called("extract")
        messages = [(p, m) for p in passages for m in (*p.notes, *p.messages) if m.role == "user"]
        facts = tuple(
            Fact("preference", m.text[:40], m.text[:200], p.conversation_id, m.id, m.time or p.time)
            for p, m in messages
            if m.text.strip()
        )
        return Extraction(facts, {"messages": float(len(messages))}, sum(len(m.text) for _, m in messages))

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        return tuple([await self.extract(passages) for passages in conversations])

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        self._called("reduce")
        return tuple(facts[: len(facts) // 2] if self.shrinks else facts), Usage(calls=1)

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        self._called(f"section/{section}")
        values = [fact.value for fact in facts[:3]]
        return dict.fromkeys(SECTION_FIELDS[section], values or NOT_ENOUGH), Usage(calls=1)

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,
        samples: Sequence[Passage] = (),
    ) -> tuple[str, Usage]:
        self._called("memory")
        lines = "\n".join(f"- {fact.value}" for fact in (*facts, *past))
        return f"# Memory\n\n## Preferences\n\n{lines}", Usage(calls=1)

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        return question, Usage()

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if call in self.failing:
            raise PipelineError(f"{call} failed", retryable=True)


@dataclass
class Bench:
    """All fakes of one run, and the request to run them with."""

    ports: Ports
    request: ImportRequest
    exports: LocalExport
    sink: RecordingSink
    steps: MemorySteps
    progress: RecordedProgress
    language: EchoLanguage


def bench(
    workdir: Path,
    export: Path | None = None,
    *,
    language: Any = None,
    steps: MemorySteps | None = None,
    stored: Sequence[Chunk] = (),
    fact_concurrency: int = 3,
    chunk_limit: int = 300,
    readings: MemoryReadings | None = None,
) -> Bench:
    """Ports over an export file, or over stored chunks when there is none."""
    workdir.mkdir(parents=True, exist_ok=True)
    exports, sink, progress = LocalExport(export or workdir / "none"), RecordingSink(), RecordedProgress()
    language, steps = language or EchoLanguage(), steps or MemorySteps()
    ports = Ports(
        exports,
        MemoryChunks(stored),
        language,
        sink,
        steps,
        progress,
        inline_compute,
        workdir,
        fact_concurrency,
        chunk_limit,
        readings,
    )
    request = ImportRequest(
        job_id="00000000-0000-0000-0000-000000000001",
        user_id="user",
        storage_path="user-imports/user/raw-1.json" if export else None,
        inline=False,
        conversation_count=None,
        message_count=None,
        accepted_at=NOW,
    )
    return Bench(ports, request, exports, sink, steps, progress, language)
