"""Shapes of documents about jobs, results, and why a user has which version; the reference shows
the comment beside a field."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from flags.explain import Explanation
from flags.model import Override
from gateway.jobs.orders.model import JobOrder


class JobShown(TypedDict):
    """One job, whole."""

    id: UUID
    user_id: str
    status: str
    pipeline: str | None
    reason: str | None
    dial: float | None  # when it was accepted
    flag_revision: str | None
    pinned: bool | None
    shadow: str | None
    step: str | None
    progress: int | None
    attempts: int | None
    storage_path: str | None
    conversation_count: int | None
    message_count: int | None
    worker: str | None
    created_at: datetime | None
    started_at: datetime | None
    updated_at: datetime | None
    completed_at: datetime | None
    error: str | None
    cause: str | None  # whose fault: input, pipeline, dependency, operator
    warnings: list[str]  # what of the export was left out or could not be read
    waiting_for: str | None
    waits: int | None
    waiting_since: datetime | None


class JobState(TypedDict):
    """What one job is now."""

    id: UUID
    status: str


class Ordered(TypedDict):
    """What an order for many jobs would do, and how far it came."""

    kind: str
    jobs: int
    more: bool  # there are more than one order takes
    by_pipeline: dict[str, int]
    moved: int  # jobs that would run as another version than before
    order: JobOrder | None  # null: only asked, or there was nothing to do


class UserResult(TypedDict):
    """What a user has now."""

    user_id: str
    pipeline: str | None  # which made it
    result_job_id: UUID | None
    import_status: str | None
    import_error: str | None
    full_pass_status: str | None
    full_pass_error: str | None
    embedding_status: str | None
    memory_status: str | None
    total_conversations: int | None
    total_messages: int | None
    total_chunks: int | None
    archetype: str | None
    ai_name: str | None
    soulprint: Any
    soulprint_text: str | None
    soul_md: str | None
    identity_md: str | None
    agents_md: str | None
    user_md: str | None
    tools_md: str | None
    memory_log: str | None
    memory_md: str | None
    soulprint_generated_at: datetime | None


class Submitted(TypedDict):
    """A job that is over, and what it made."""

    job: dict[str, Any]  # as `GET /jobs/{job_id}` answers
    result: UserResult


class JobGiven(TypedDict):
    """What a job was given when it was accepted, or by a rollback since."""

    job_id: str
    user_id: str
    pipeline: str
    reason: str
    dial: float | None
    revision: str | None
    pinned: bool
    shadow: str | None
    status: str
    accepted_at: datetime
    dials: list[list[Any]] | None  # each flag that was asked: version, dial, on, bucket
    line: str


class Explained(TypedDict):
    """Why a user has which pipeline."""

    line: str
    now: Explanation
    override: Override | None
    job: JobGiven | None  # the last one, or the one that was named
    unread: str | None  # why the flags could not be read, and by what is answered instead
