"""Whether a failed run waits, and for what: as good job engines tell passing faults from wrong settings."""

from typing import Final

import httpx
import psycopg

from gateway.database.retry import AWAY
from gateway.jobs.run.cause import Known
from gateway.jobs.waiting import Awaited
from pipelines.contract import PipelineError

PASSING: Final = (httpx.TransportError, *AWAY)
KNOWN: Final[Known] = (
    (psycopg.DataError, "pipeline"),  # its result does not fit
    (psycopg.IntegrityError, "pipeline"),
    (psycopg.Error, "dependency:database"),
    (httpx.TransportError, "dependency:provider"),
    (ConnectionError, "dependency:provider"),
)


def awaited_by(error: BaseException) -> Awaited | None:
    """What a run that ended so waits for; None for what no waiting helps, and for the database, which is waited for
    where it is asked."""
    if isinstance(error, httpx.TransportError):
        return "provider"
    if not isinstance(error, PipelineError) or not (error.retryable or error.needs_operator):
        return None
    match error.cause:
        case "dependency:storage":
            return "storage_access" if error.needs_operator else "storage"
        case "dependency:provider":
            return "provider_access" if error.needs_operator else "provider"
        case _:
            return None


def passes(error: BaseException) -> bool:
    """May the same run succeed soon?"""
    if isinstance(error, psycopg.errors.QueryCanceled):
        return False  # the server's limit on a statement's time: the next try meets it as well
    return error.retryable if isinstance(error, PipelineError) else isinstance(error, PASSING)
