"""Errors that cross from one process to another, and those that only an isolated run has."""

import sys
import traceback

from gateway.jobs.run.isolated.protocol import Failure
from pipelines.contract import ExportError, PipelineError


class OutOfMemory(PipelineError):
    """The job took more memory than one job may."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"the job took more than {megabytes} MB of memory")


class OutOfTime(PipelineError):
    """The job took more of the processor's time than one job may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the job took more than {seconds:g} s of processor time")


class OutOfDisk(PipelineError):
    """The job's folder held more than that of one job may."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"the job's folder held more than {megabytes} MB")


class NoProcess(PipelineError):
    """This worker could start no process for the job: its machine's fault, and no pipeline's. Another worker may."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the worker could not start a process for the job ({why})", retryable=True, cause="operator")


class Unexpected(Exception):
    """The pipeline raised what nobody expected; `trace` is for the log, the message is the error's class."""

    def __init__(self, name: str, trace: str) -> None:
        super().__init__(name, trace)
        self.name = name
        self.trace = trace

    def __str__(self) -> str:
        return self.name


def failure_of(error: BaseException) -> Failure:
    """An error, to be told to the other side."""
    match error:
        case MemoryError():
            return Failure("memory", "")
        case ExportError():
            return Failure("export", str(error), error.retryable, error.cause)
        case PipelineError():
            return Failure("pipeline", str(error), error.retryable, error.cause, needs_operator=error.needs_operator)
        case Unexpected():
            return Failure("unexpected", error.name, trace=error.trace)
    if isinstance(error, _unreachable()):
        what = f"a service could not be reached ({type(error).__name__})"
        return Failure("pipeline", what, retryable=True, cause="dependency:provider")
    trace = "".join(traceback.format_exception(error))[-8000:]
    return Failure("unexpected", type(error).__name__, trace=trace)


def _unreachable() -> tuple[type[BaseException], ...]:
    """What a pipeline meets that calls a service itself. Its process loads no HTTP client before one is asked for."""
    httpx = sys.modules.get("httpx")
    return (ConnectionError,) if httpx is None else (ConnectionError, httpx.TransportError)


def error_of(failure: Failure, memory_mb: int) -> Exception:
    """The error that the other side met."""
    match failure.kind:
        case "memory":
            return OutOfMemory(memory_mb)
        case "export":
            return ExportError(failure.message, retryable=failure.retryable, cause=failure.cause)
        case "pipeline":
            return PipelineError(
                failure.message,
                retryable=failure.retryable,
                cause=failure.cause,
                needs_operator=failure.needs_operator,
            )
        case "unexpected":
            return Unexpected(failure.message, failure.trace)
