"""A rollout in its middle, in the database: half a day of users on both sides, comparisons, looks of the guard."""

from tests.console.served import Served
from tests.gateway.web.console import planted
from tests.gateway.web.console.browser import Browser

WORST = planted.WORST


async def plant(served: Served, **amounts: int) -> None:
    """And the dial at a quarter, as the rows say."""
    await served.gateway.set_dial(25)
    await planted.plant(Browser(served.gateway), **amounts)
    async with served.gateway.services.database.pool.connection() as connection:
        await connection.execute("analyze")
