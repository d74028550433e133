"""SQL that a runbook tells somebody to run does what its page says."""

import re

import httpx
from prometheus_client import CollectorRegistry

from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.jobs.outbox import Outbox
from gateway.telemetry.metrics import Metrics
from tests.runbooks.page import RUNBOOKS

BLOCK = re.compile(r"```sql\n(.*?)```", re.DOTALL)
GIVEN_UP = """
insert into gateway.outbox (job_id, user_id, kind, payload, attempts, created_at, gave_up_at, last_error)
values (gen_random_uuid(), 'ana', 'import_complete', '{}', 20, now() - interval '9 h', now(), 'HTTP 401')
"""


async def test_given_up_messages_are_sent_again(database: Database, settings: Settings) -> None:
    """GatewayOutboxOld: after its statement, the sweep enqueues them; before it, it does not."""
    (statement,) = BLOCK.findall((RUNBOOKS / "GatewayOutboxOld.md").read_text())
    async with httpx.AsyncClient() as client:
        outbox = Outbox(database.pool, settings, client, Metrics(CollectorRegistry()).deliveries)
        async with database.pool.connection() as connection:
            await connection.execute(GIVEN_UP)
        assert await outbox.sweep(0) == 0
        async with database.pool.connection() as connection:
            await connection.execute(statement.encode())
        assert await outbox.sweep(0) == 1


def test_no_other_page_has_statements() -> None:
    pages = [path.stem for path in RUNBOOKS.glob("*.md") if "```sql" in path.read_text()]
    assert pages == ["GatewayOutboxOld"]
