"""Whose fault a failed job is: for every error type that there is, for unknown ones, and as it is stored and shown."""

import asyncio
import importlib
import pickle
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway
import pipelines
from gateway.exports import (
    ExportMissingError,
    StorageDeniedError,
    StoragePathError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.jobs.run.awaited import KNOWN
from gateway.jobs.run.cause import CAUSES, cause_of
from gateway.jobs.run.isolated.errors import error_of, failure_of
from gateway.web.routes.jobs import read_job
from pipelines.contract import Cause, ExportError, PipelineError
from pipelines.export.archive.archive import NoConversationsError
from pipelines.export.parts.document import EmptyTextError
from tests.gateway.jobs.conftest import Bench

EXPECTED: dict[type[PipelineError], Cause] = {
    PipelineError: "pipeline",
    ExportError: "input",
    NoConversationsError: "input",
    EmptyTextError: "input",
    StoragePathError: "input",
    ExportMissingError: "input",
    StorageRefusedError: "input",
    StorageDeniedError: "dependency:storage",
    StorageUnavailableError: "dependency:storage",
}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def subclasses(type_: type[Any]) -> set[type[Any]]:
    return {type_}.union(*(subclasses(child) for child in type_.__subclasses__()))


def test_every_error_type_says_whose_fault_it_is() -> None:
    assert all([*modules(pipelines), *modules(gateway)])
    types = {type_ for type_ in subclasses(PipelineError) if not type_.__module__.startswith("tests.")}
    assert set(EXPECTED) <= types
    assert {type_: type_.cause for type_ in types} == {type_: EXPECTED.get(type_, "pipeline") for type_ in types}


@pytest.mark.parametrize("type_", EXPECTED)
def test_an_error_keeps_its_cause_on_its_way_out_of_another_process(type_: type[PipelineError]) -> None:
    arrived = pickle.loads(pickle.dumps(type_("why")))
    assert (cause_of(arrived), str(arrived)) == (EXPECTED[type_], "why")


@given(st.sampled_from(CAUSES))
def test_an_error_may_say_another_cause_than_its_type(cause: Cause) -> None:
    error = PipelineError("why", retryable=True, cause=cause)
    arrived = pickle.loads(pickle.dumps(error))
    assert cause_of(error) == cause_of(arrived) == cause
    assert arrived.retryable


UNKNOWN = sorted(
    (
        type_
        for type_ in subclasses(BaseException)
        if type_.__module__ == "builtins" and not issubclass(type_, (ConnectionError, BaseExceptionGroup))
    ),
    key=lambda type_: type_.__name__,
)


@given(st.sampled_from(UNKNOWN), st.text())
def test_what_nobody_expected_is_the_pipelines(type_: type[BaseException], text: str) -> None:
    assert cause_of(type_.__new__(type_, text), KNOWN) == "pipeline"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (psycopg.OperationalError("gone"), "dependency:database"),
        (psycopg.InterfaceError("closed"), "dependency:database"),
        (psycopg.errors.UndefinedColumn("archetype"), "dependency:database"),
        (psycopg.errors.NotNullViolation("content"), "pipeline"),
        (psycopg.DataError("out of range"), "pipeline"),
        (httpx.ConnectError("refused"), "dependency:provider"),
        (ConnectionRefusedError(), "dependency:provider"),
        (TimeoutError(), "pipeline"),
        (MemoryError(), "pipeline"),
    ],
)
def test_errors_of_libraries(error: Exception, cause: Cause) -> None:
    assert cause_of(error, KNOWN) == cause


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return worker_settings | getattr(request, "param", {})


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ExportError("The export is empty"), "input"),
        (PipelineError("The language engine wrote an empty MEMORY."), "pipeline"),
        (ZeroDivisionError(), "pipeline"),
        (PipelineError("anthropic:m answered 529", cause="dependency:provider"), "dependency:provider"),
        (StorageUnavailableError("The storage did not answer"), "dependency:storage"),
    ],
)
@pytest.mark.parametrize("worker_settings", [{"job_attempts": 1, "wait_in_all_seconds": 0.0}], indirect=True)
async def test_the_cause_is_kept_with_the_job_and_shown(bench: Bench, error: Exception, cause: Cause) -> None:
    def fail(_count: int) -> None:
        raise error

    bench.script.at["one"] = fail
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["failure_cause"]) == ("failed", cause)
    assert (await read_job(bench.services.database.pool, job["id"])).cause == cause


async def test_a_job_that_completes_has_none_whatever_failed_before(bench: Bench) -> None:
    def fail_once(count: int) -> None:
        if count == 1:
            raise PipelineError("busy", retryable=True, cause="dependency:provider")

    bench.script.at["two"] = fail_once
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["attempts"], job["failure_cause"]) == ("complete", 1, None)  # to wait costs none
    assert (job["waits"], job["waited_for"], job["waiting_for"]) == (1, "provider", None)


@pytest.mark.parametrize("worker_settings", [{"job_timeout_seconds": 0.5}], indirect=True)
async def test_a_job_that_takes_too_long_is_the_pipelines(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["failure_cause"]) == ("failed", "pipeline")


async def test_a_cancelled_job_is_the_operators_and_a_retry_forgets_it(bench: Bench) -> None:
    waiting = (await bench.accept(user="ann")).job_id
    await bench.store.request_cancel(waiting)
    assert (await bench.job(waiting))["failure_cause"] == "operator"
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    running = (await bench.accept(user="ben")).job_id
    await bench.script.event("two").wait()
    await bench.store.request_cancel(running)
    assert (await bench.ended(running))["failure_cause"] == "operator"
    bench.script.hold.clear()
    assert await bench.store.retry(running)
    assert (await bench.ended(running))["failure_cause"] is None


async def test_a_job_whose_worker_died_each_time_is_the_pipelines(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    await bench.execute("update processing_jobs set status = 'processing', attempts = 3 where id = %s", job_id)
    bench.start_worker()
    job = await bench.ended(job_id)
    assert (job["failure_cause"], job["error_message"]) == (
        "pipeline", "gave up after 3 attempts: the worker died each time",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "cause", "retryable"),
    [
        (ExportError("empty"), "input", False),
        (StorageUnavailableError("away"), "dependency:storage", True),
        (PipelineError("busy", retryable=True, cause="dependency:provider"), "dependency:provider", True),
        (ConnectionRefusedError(), "dependency:provider", True),
        (httpx.ConnectError("refused"), "dependency:provider", True),
        (MemoryError(), "pipeline", False),
        (ZeroDivisionError(), "pipeline", False),
    ],
)
def test_the_cause_crosses_from_the_process_of_a_run(error: Exception, cause: Cause, retryable: bool) -> None:
    arrived = error_of(failure_of(error), memory_mb=64)
    assert cause_of(arrived, KNOWN) == cause
    assert getattr(arrived, "retryable", False) == retryable
