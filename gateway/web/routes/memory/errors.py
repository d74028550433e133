"""What the database may say to these routes, as answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gateway.errors import Refused
from gateway.web.routes.jobs import database_errors


@contextmanager
def answered_errors(place: str = "body") -> Iterator[None]:
    """A database that does not answer is a 503; one whose user ids are UUIDs knows nobody of another form: 422.

    `place`: where the request names the user, `body` or `path`.
    """
    try:
        with database_errors():
            yield
    except psycopg.DataError:
        raise Refused("user_id", "no user of this database can have this id", place=place) from None
