"""Leading: one process at a time, the next one when it stays silent or leaves, and nobody beside it meanwhile."""

import asyncio

from gateway.database.lead import Lead
from gateway.database.pool import Database
from tests.gateway.jobs.conftest import until


async def test_of_many_who_ask_one_leads_and_keeps_the_lead(database: Database) -> None:
    leads = [Lead(database.pool, "upkeep", f"process {n}", 60.0) for n in range(8)]
    answers = await asyncio.gather(*(lead.ask() for lead in leads))
    assert sum(answers) == 1
    assert [lead.held for lead in leads] == list(answers)
    assert await asyncio.gather(*(lead.ask() for lead in leads)) == answers
    assert await Lead(database.pool, "flags", "process 9", 60.0).ask()  # each kind of work has its own


async def test_who_is_silent_for_a_term_is_replaced_and_knows_it_first(database: Database) -> None:
    silent, other = (Lead(database.pool, "upkeep", name, 0.2) for name in ("silent", "other"))
    assert await silent.ask()

    async def replaced() -> bool:
        return await other.ask()

    await until(replaced)
    assert not silent.held
    assert not await silent.ask() or not other.held


async def test_who_leaves_is_replaced_at_once(database: Database) -> None:
    one, other = (Lead(database.pool, "upkeep", name, 60.0) for name in ("one", "other"))
    assert await one.ask()
    await other.leave()  # who does not lead takes it from nobody
    assert not await other.ask()
    await one.leave()
    assert not one.held
    assert await other.ask()
