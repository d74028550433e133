"""Shadow runs, comparisons and the day's budget in the database."""

from pathlib import Path
from typing import Any

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import repeated_while_away
from gateway.shadow.comparison_row import columns_of
from gateway.shadow.model import Claimed, Ending, OtherRun, Pair, Plan
from gateway.shadow.reservation import Reservation
from pipelines.contract import Usage

SQL = load_sql(Path(__file__).with_name("store.sql"))
LONGEST_REASON = 400


async def reserve(
    connection: Connection, tokens: int, usd: float | None, most_tokens: int, most_usd: float
) -> Reservation | None:
    """Tokens and their money from today's budget, in the caller's transaction; `usd` None: at the price seen last."""
    values = {"tokens": tokens, "usd": usd, "most_tokens": most_tokens, "most_usd": most_usd}
    row = await (await connection.execute(SQL["reserve"], values)).fetchone()
    return None if row is None else Reservation(row[0], tokens, float(row[1]) if usd is None else usd)


async def settle(connection: Connection, taken: Reservation, used: Usage) -> None:
    """Put what was used in the place of what was taken."""
    tokens = used.input_tokens + used.output_tokens - taken.tokens
    values = {"day": taken.day, "tokens": tokens, "cost_usd": used.cost_usd - taken.cost_usd}
    await connection.execute(SQL["settle"], values)


class ShadowStore:
    """Raises psycopg's errors as they come. A refused guard changes nothing and says so by its answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @repeated_while_away
    async def load(self, job_id: str) -> Plan | None:
        row = await self._row("load", {"id": job_id})
        return None if row is None else Plan(*row)

    async def primary_jobs_wait(self) -> bool:
        row = await self._row("primary_jobs_wait", {})
        return bool(row and row[0])

    @repeated_while_away
    async def claim(self, plan: Plan, other: OtherRun) -> Claimed | None:
        """Take the plan as it was loaded; None when somebody else did."""
        row = await self._row("claim", {**plan.key, "pipeline": other.pipeline})
        if row is None:
            return None
        fields = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
        taken = Plan(**fields | {"fence": row[0], "status": "running", "attempts": plan.attempts + 1})
        return Claimed(taken, other, row[1].encode(), tuple(row[2]))

    async def hand_back(self, plan: Plan) -> None:
        await self._row("hand_back", plan.key)

    async def read_input(self, job_id: str) -> bytes | None:
        """The export that came with the request."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["read_input"], {"id": job_id}, binary=True)).fetchone()
        return None if row is None else bytes(row[0])

    @repeated_while_away
    async def close(self, plan: Plan, ending: Ending, pair: Pair | None = None) -> bool:
        """Write down how it ended, with the comparison if there is one. False: it was somebody else's, or erased."""
        values = {
            **plan.key,
            "outcome": ending.outcome,
            "reason": None if ending.reason is None else ending.reason[:LONGEST_REASON].replace("\x00", ""),
            "pipeline": ending.pipeline,
            "seconds": ending.seconds,
            "cpu_seconds": ending.cpu_seconds,
            "tokens": ending.usage.input_tokens + ending.usage.output_tokens,
            "cost_usd": ending.usage.cost_usd,
        }
        async with self._pool.connection() as connection, connection.transaction():
            if await (await connection.execute(SQL["hold_job"], values)).fetchone() is None:
                return False
            if await (await connection.execute(SQL["close"], values)).fetchone() is None:
                return False
            await connection.execute(SQL["forget_input"], values)
            await connection.execute(SQL["forget_answers"], values)
            if pair is not None:
                await connection.execute(SQL["keep_comparison"], {**values, **columns_of(plan, pair)})
        return True

    async def reserve(self, tokens: int, most_tokens: int, most_usd: float) -> Reservation | None:
        """Take tokens, and their money at the known price, from today's budget; None when it does not hold them."""
        async with self._pool.connection() as connection:
            return await reserve(connection, tokens, None, most_tokens, most_usd)

    async def settle(self, taken: Reservation, used: Usage) -> None:
        """Give back what a call did not use, or take what it used more."""
        async with self._pool.connection() as connection:
            await settle(connection, taken, used)

    async def spent(self) -> tuple[int, float]:
        """Tokens and US dollars of today."""
        row = await self._row("spent", {})
        return (row[0], row[1]) if row else (0, 0.0)

    async def _row(self, name: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL[name], values)
            return await cursor.fetchone() if cursor.description else None
