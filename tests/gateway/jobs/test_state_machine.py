"""Accept, claim, finish, fail, cancel, retry and recover, in any order, against a model of a few lines."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from flags.model import Decision
from gateway.database.pool import Connection, Database, open_database
from gateway.jobs.accept.rows import NewJob, row_of
from gateway.jobs.accept.store import AcceptStore
from gateway.jobs.model import Claim, ClaimLost, Job
from gateway.jobs.queue.lost import LostJobs
from gateway.jobs.run.ports import StagingSink
from gateway.jobs.store import JobStore
from pipelines.contract import Chunk, Soulprint
from tests.conftest import settings_for

T = TypeVar("T")
USERS = ("ann", "bob")
LIMIT = 3


@dataclass
class Model:
    """What a job should be."""

    user: str
    key: str
    status: str = "pending"
    fence: int = 0
    attempts: int = 0
    held: bool = False
    cancel: bool = False
    cancelled: bool = False

    @property
    def open(self) -> bool:
        return self.status in ("pending", "processing")

    def close(self, status: str, *, cancelled: bool = False) -> None:
        self.status, self.cancelled = status, cancelled


def soulprint(word: str) -> Soulprint:
    return Soulprint({}, (), 1, 1, 1, memory_md=word)


class Jobs(RuleBasedStateMachine):
    """Each rule does one thing to the database and to the model; the two must stay equal."""

    new_url: Callable[[], str]
    jobs = Bundle("jobs")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.model: dict[str, Model] = {}
        self.published: dict[str, str] = {}  # user -> job
        self.database: Database = self.do(open_database(settings_for(type(self).new_url())))
        self.store = JobStore(self.database.pool)

        async def connect() -> Connection:
            return await psycopg.AsyncConnection.connect(self.database.url, autocommit=True)

        self.acceptor = AcceptStore(connect, self.database.pool, queue_limit=None)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.do(self.acceptor.close())
        self.do(self.database.close())
        self.runner.close()

    @rule(target=jobs, user=st.sampled_from(USERS), key=st.sampled_from(("one", "two")))
    def accept(self, user: str, key: str) -> str:
        job_id = str(uuid.uuid4())
        new = NewJob(job_id, user, "a/b.json", None, None, Decision("v1", "flag", 0.0, "r"), False, key)
        (answer,) = self.do(self.acceptor.write([row_of(new)])).values()
        same = [id_ for id_, job in self.model.items() if job.open and (job.user, job.key) == (user, key)]
        assert answer[0] == (same[0] if same else job_id)
        assert answer[2] is bool(same)
        if not same:
            self.model[job_id] = Model(user, key)
        return str(answer[0])

    @rule(target=claims, job_id=jobs)
    def claim(self, job_id: str) -> Claim | None:
        """Also what recovery does: the job of a dead worker is claimed over its head."""
        model = self.model[job_id]
        job = self.do(self.store.load(job_id))
        assert isinstance(job, Job)
        claim = self.do(self.store.claim(job, worker="w", limit=LIMIT, pipeline="v1", reason="flag"))
        may = model.open and not model.cancel and model.attempts < LIMIT
        assert (claim is not None) is may
        if claim is not None:
            model.status, model.held = "processing", True
            model.fence += 1
            model.attempts += 1
            self.do(StagingSink(self.database.pool, claim).replace_chunks())
        return claim

    def holds(self, claim: Claim) -> bool:
        model = self.model[claim.job.id]
        return model.status == "processing" and model.fence == claim.fence

    def finished(self, claim: Claim) -> bool:
        model = self.model[claim.job.id]
        return model.status == "complete" and model.fence == claim.fence

    def guarded(self, claim: Claim | None, work: Callable[[Claim], Coroutine[Any, Any, None]]) -> Model | None:
        """Do `work`; the model if it had to succeed, None if it had to be refused, and was."""
        if claim is None:
            return None
        if self.holds(claim):
            self.do(work(claim))
            return self.model[claim.job.id]
        with pytest.raises(ClaimLost):
            self.do(work(claim))
        return None

    @rule(claim=claims)
    def finish(self, claim: Claim | None) -> None:
        async def work(claim: Claim) -> None:
            await self.store.finish(claim, soulprint(claim.job.id), embedded=True, callback=True)

        if claim is not None and self.finished(claim):
            self.do(work(claim))  # the answer to the first commit was lost: it may be repeated, and changes nothing
            return
        if claim is not None and self.holds(claim):
            chunk = Chunk("c", "t", claim.job.id, 1, claim.job.created_at, is_recent=False, tier="micro")
            sink = StagingSink(self.database.pool, claim)
            self.do(sink.replace_chunks())
            self.do(sink.add_chunks([chunk]))
        if (model := self.guarded(claim, work)) is not None and claim is not None:
            model.close("complete")
            self.published[model.user] = claim.job.id

    @rule(claim=claims)
    def fail(self, claim: Claim | None) -> None:
        if (model := self.guarded(claim, lambda claim: self.store.fail(claim, "broken", "pipeline"))) is not None:
            model.close("failed")

    @rule(claim=claims)
    def hand_back(self, claim: Claim | None) -> None:
        held = claim is not None and self.model[claim.job.id].held
        if not held:
            return
        if (model := self.guarded(claim, self.store.hand_back)) is not None:
            model.held = False
            model.attempts -= 1

    @rule(claim=consumes(claims))
    def stage_half_a_result(self, claim: Claim | None) -> None:
        """And then die."""

        async def work(claim: Claim) -> None:
            chunk = Chunk("c", "t", "half", 1, claim.job.created_at, is_recent=False, tier="micro")
            await StagingSink(self.database.pool, claim).add_chunks([chunk])

        self.guarded(claim, work)

    @rule(job_id=jobs)
    def request_cancel(self, job_id: str) -> None:
        model = self.model[job_id]
        answer = self.do(self.store.request_cancel(job_id))
        if not model.open:
            assert answer is None
        elif model.held:
            assert answer == "cancelling"
            model.cancel = True
        else:
            assert answer == "cancelled"
            model.cancel = True
            model.close("failed", cancelled=True)

    @rule(claim=claims)
    def close_cancelled(self, claim: Claim | None) -> None:
        if claim is None or not self.model[claim.job.id].cancel:
            return
        if (model := self.guarded(claim, self.store.cancel)) is not None:
            model.close("failed", cancelled=True)

    @rule(job_id=jobs)
    def retry(self, job_id: str) -> None:
        model = self.model[job_id]
        same = [job for job in self.model.values() if job.open and (job.user, job.key) == (model.user, model.key)]
        may = model.status == "failed" and not same
        assert self.do(self.store.retry(job_id)) is may
        if may:
            model.status, model.held, model.cancel, model.cancelled, model.attempts = "pending", False, False, False, 0
            model.fence += 1

    @rule()
    def lose_the_queue_and_sweep(self) -> None:
        self.execute("delete from procrastinate_jobs")
        self.execute("update processing_jobs set updated_at = now() - interval '1 hour'")
        assert self.do(LostJobs(self.database.pool).sweep(1.0)) == sum(job.open for job in self.model.values())
        assert self.do(LostJobs(self.database.pool).sweep(1.0)) == 0

    @invariant()
    def the_rows_are_what_the_model_says(self) -> None:
        rows = self.read("select id::text, status, fence, attempts, cancelled from processing_jobs")
        assert {row[0]: row[1:] for row in rows} == {
            job_id: (job.status, job.fence, job.attempts, job.cancelled) for job_id, job in self.model.items()
        }

    @invariant()
    def users_have_the_last_published_result_and_no_other(self) -> None:
        profiles = self.read(
            "select user_id, memory_md, result_job_id::text from user_profiles where soulprint is not null"
        )
        assert {row[0]: row[1:] for row in profiles} == {user: (job, job) for user, job in self.published.items()}
        chunks = self.read("select user_id, content from conversation_chunks")
        assert sorted(chunks) == sorted(self.published.items())

    @invariant()
    def each_complete_job_has_one_callback(self) -> None:
        rows = self.read("select job_id::text from gateway.outbox")
        complete = [job_id for job_id, job in self.model.items() if job.status == "complete"]
        assert sorted(row[0] for row in rows) == sorted(complete)

    @invariant()
    def every_open_job_has_a_queue_entry(self) -> None:
        entries = {
            row[0] for row in self.read("select args ->> 'job_id' from procrastinate_jobs where status = 'todo'")
        }
        assert {job_id for job_id, job in self.model.items() if job.open} <= entries

    def read(self, query: str) -> list[tuple[Any, ...]]:
        async def work() -> list[tuple[Any, ...]]:
            async with self.database.pool.connection() as connection:
                return await (await connection.execute(query)).fetchall()

        return self.do(work())

    def execute(self, query: str) -> None:
        async def work() -> None:
            async with self.database.pool.connection() as connection:
                await connection.execute(query)

        self.do(work())


def test_jobs_do_what_the_model_says(new_database_url: Callable[[], str]) -> None:
    machine = type("Machine", (Jobs,), {"new_url": staticmethod(new_database_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
