"""What a pipeline is given and what it returns: the vocabulary shared by every pipeline and by the gateway.

A pipeline is one coroutine, `run(request, ports) -> Soulprint`. It reads through its ports, hands chunks to
`ports.sink`, reports progress, and returns. It never writes, so the same code serves a primary run and a shadow run.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from pipelines.errors import Cause, ExportError, PipelineError
from pipelines.facts import NOTHING_REMEMBERED, Category, Fact, Memory
from pipelines.portrait import Change, Portrait, Revises, SectionName, Usage

__all__ = [
    "ATTACHMENT", "NOT_ENOUGH", "NO_STYLE", "SECTION_FIELDS", "Category", "Cause", "Change", "Chunk", "Compute",
    "Conversation", "ExportError", "Exports", "Extraction", "Fact", "ImportRequest", "Language", "Memory", "Message",
    "Passage", "Pipeline", "PipelineError", "Portrait", "Ports", "Progress", "Readings", "Revises", "Role",
    "SectionName", "Sink", "Soulprint", "Steps", "StoredChunks", "Tier", "Usage",
]  # fmt: skip

T = TypeVar("T")

Role = Literal["user", "assistant", "system", "tool"]
Tier = Literal["micro", "medium", "macro"]

SECTION_FIELDS: dict[SectionName, tuple[str, ...]] = {
    "soul": (
        "communication_style", "personality_traits", "tone_preferences", "boundaries", "humor_style",
        "formality_level", "emotional_patterns",
    ),
    "identity": ("ai_name", "archetype", "vibe", "emoji_style", "signature_greeting"),
    "user": ("name", "location", "occupation", "relationships", "interests", "life_context", "preferred_address"),
    "agents": ("response_style", "behavioral_rules", "context_adaptation", "memory_directives", "do_not"),
    "tools": ("likely_usage", "capabilities_emphasis", "output_preferences", "depth_preference"),
}  # fmt: skip

NOT_ENOUGH = "not enough data"
NO_STYLE: Mapping[str, float] = {}
ATTACHMENT = "attachment"  # the kind of a text that the user attached to a message, and need not have written


class Message(msgspec.Struct, frozen=True, gc=False):
    """One visible turn. `kind` is the export's content type ("text", "code", "voice", "thoughts", ...)."""

    id: str
    role: Role
    text: str
    time: float | None = None  # seconds since the epoch, UTC
    kind: str = "text"


class Conversation(msgspec.Struct, frozen=True):
    """One conversation, its active branch only, oldest message first.

    `notes` are ready-made statements about the user that the export itself carries (custom instructions,
    the assistant's `bio` memory, `model_editable_context`): they are evidence, not dialogue.
    """

    id: str
    title: str
    time: float | None  # seconds since the epoch, UTC
    messages: tuple[Message, ...]
    notes: tuple[Message, ...] = ()


class Chunk(msgspec.Struct, frozen=True):
    """A piece of a conversation as it will be stored in `conversation_chunks`."""

    conversation_id: str
    title: str
    content: str
    message_count: int
    created_at: datetime  # aware; never null: the conversation's time, else the job's
    is_recent: bool  # younger than 180 days at the job's time
    tier: Tier


class Soulprint(msgspec.Struct, frozen=True):
    """What a pipeline returns. A field that is None keeps what the user already has."""

    sections: dict[SectionName, dict[str, Any]]
    facts: tuple[Fact, ...]  # those in force first; the ended ones are marked
    total_conversations: int
    total_messages: int
    total_chunks: int
    soulprint_text: str | None = None
    partial_text: str | None = None  # the text without the sections that failed: for a user who has none at all yet
    soul_md: str | None = None
    identity_md: str | None = None
    agents_md: str | None = None
    user_md: str | None = None
    tools_md: str | None = None
    memory_log: str | None = None
    memory_md: str | None = None
    archetype: str | None = None
    ai_name: str | None = None
    unread_share: float = 0.0  # share of the user's own text that the language engine could not read, 0 to 1
    warnings: tuple[str, ...] = ()
    usage: Usage = Usage()
    memory: Memory | None = None  # what is to be remembered for the next import; None keeps what was before


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the caller asked for: a stored object, an inline export, or neither (then the user's chunks are read)."""

    job_id: str
    user_id: str
    storage_path: str | None
    inline: bool
    conversation_count: int | None
    message_count: int | None
    accepted_at: datetime  # the job's clock: every "now" in a pipeline, so that a rerun gives the same bytes
    memory: Memory = NOTHING_REMEMBERED  # what this version remembers of the user from imports before


class Exports(Protocol):
    """Where the export is. The file is local and read-only for the length of the run."""

    async def fetch(self) -> Path: ...


class StoredChunks(Protocol):
    """The user's chunks from earlier imports, for a run without an export."""

    def read(self) -> AsyncIterator[Sequence[Chunk]]:
        """Batches; the chunks of one conversation come one after the other, in no certain order."""
        ...


class Sink(Protocol):
    """Takes what will be published when the job closes; nothing is visible to anyone before."""

    async def replace_chunks(self) -> None:
        """Start over: forget chunks handed in by an earlier, unfinished attempt of this job."""
        ...

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None: ...


class Steps(Protocol):
    """Finished steps are kept: a step that is stored is not run again, whatever was killed since."""

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        """Return the stored payload of `name` if its `version` is the same, else run `work` and store it."""
        ...


class Progress(Protocol):
    async def __call__(self, step: str, percent: int) -> None: ...


class Compute(Protocol):
    """Runs a CPU-bound, module-level, picklable function away from the event loop; cancelling kills it."""

    async def __call__(self, function: Callable[..., T], *args: Any) -> T: ...


class Passage(msgspec.Struct, frozen=True):
    """A run of whole messages of one conversation, small enough for one language call."""

    conversation_id: str
    title: str
    time: float | None
    messages: tuple[Message, ...]
    notes: tuple[Message, ...] = ()


class Extraction(msgspec.Struct, frozen=True):
    """Facts from some passages, with what is needed to add extractions up."""

    facts: tuple[Fact, ...] = ()
    style: dict[str, float] = {}  # additive counts over the user's own messages (words, emojis, questions, ...)
    read_chars: int = 0
    unread_chars: int = 0
    usage: Usage = Usage()
    given_up: int = 0  # messages that took too long to read, counted as unread
    left_out: int = 0  # facts beyond what a text of its size may give
    skipped: int = 0  # passages that the engine refused however small they were asked, counted as unread
    unpaid: int = 0  # passages that were not asked for, since `cap` left no money, counted as unread
    cap: str = ""  # the setting that left none


class Readings(Protocol):
    """What language engines read in the user's conversations, kept over all jobs: nothing is paid for twice."""

    async def load(self, keys: Sequence[str]) -> Mapping[str, Extraction]:
        """Those that are kept; what another job paid for costs nothing here."""
        ...

    async def save(self, readings: Mapping[str, Extraction]) -> None: ...

    async def expect(self, usage: Usage) -> None:
        """Told once an attempt, before anything is asked: what the whole job will take, without its cost."""
        ...

    async def load_portrait(self, key: str) -> Portrait | None:
        """What this version wrote of the user last, as `key` says how; what another job paid costs nothing here."""
        ...

    async def save_portrait(self, key: str, portrait: Portrait) -> None: ...


class Language(Protocol):
    """Reads people's words. Two implementations: the embedded rules, and model providers.

    A call that fails raises `PipelineError`; it never answers with empty facts.
    """

    @property
    def name(self) -> str:
        """What served the call, for logs and comparisons: "embedded", "anthropic:<model>"."""
        ...

    @property
    def window_tokens(self) -> int:
        """How many tokens of facts fit one call; more are reduced hierarchically."""
        ...

    @property
    def extract_characters(self) -> int:
        """How many characters of passages one `extract` call takes at best; callers batch to about this size."""
        ...

    @property
    def kept_as(self) -> str:
        """Engine, model and version of its questions, for the user's next import; empty where reading costs nothing."""
        ...

    async def extract(self, passages: Sequence[Passage]) -> Extraction: ...

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        """The same for several conversations, each by itself; small ones may share a call."""
        ...

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        """Merge and rank facts so that they fit `keep_tokens`; always returns fewer or equal tokens."""
        ...

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        """The fields of one section (see SECTION_FIELDS); NOT_ENOUGH, or an empty list, where nothing was found.

        `samples` come best first; an implementation uses as many as fit it."""
        ...

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,
        samples: Sequence[Passage] = (),
    ) -> tuple[str, Usage]:
        """MEMORY in Markdown: Preferences, Projects, Important Dates, Beliefs & Values, Decisions & Context.

        It says nothing but `facts` and `past`; the rest is what sections are given, which paid calls share."""
        ...

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        """Answer the user's question from the profile and retrieved passages."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a run may touch."""

    exports: Exports
    stored_chunks: StoredChunks
    language: Language
    sink: Sink
    steps: Steps
    progress: Progress
    compute: Compute
    workdir: Path  # private to the run, removed after it
    fact_concurrency: int = 3  # FACT_EXTRACTION_CONCURRENCY, 1 to 50
    chunk_limit: int = 300  # CHUNKS_PER_USER: at most so many are kept, the best and newest
    readings: Readings | None = None  # None: what is read is kept for this run alone


class Pipeline(Protocol):
    """A pipeline module's `run`."""

    async def __call__(self, request: ImportRequest, ports: Ports) -> Soulprint: ...
