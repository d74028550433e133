"""What the database may say to these routes, as answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gateway.errors import BadRequest
from gateway.web.routes.jobs import database_errors


@contextmanager
def answered_errors() -> Iterator[None]:
    """A database that does not answer is a 503; one whose user ids are UUIDs knows nobody of another form."""
    try:
        with database_errors():
            yield
    except psycopg.DataError:
        raise BadRequest("no user can have this user_id") from None
