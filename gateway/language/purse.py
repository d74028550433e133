"""What one job may spend at a language provider: taken from its cap and the day's before a call, settled after it."""

import math
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

import structlog

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import retry_while_away
from gateway.language.prices import Prices
from pipelines.contract import Usage

SQL = load_sql(Path(__file__).with_name("purse.sql"))
JOB: Final = "LANGUAGE_JOB_USD"
DAY: Final = "LANGUAGE_DAILY_USD"
CAPS: Final = (JOB, DAY)
log = structlog.get_logger(__name__)

Cap = Literal["LANGUAGE_JOB_USD", "LANGUAGE_DAILY_USD"]


@dataclass(frozen=True, slots=True)
class Caps:
    """US dollars for a job and for a day; None is no cap."""

    job_usd: float | None = None
    daily_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken for one call that is under way."""

    day: date
    usd: float


@dataclass(slots=True)
class Purse:
    """One job's money. What a killed worker took for calls under way stays spent. `warnings` are for the job."""

    pool: Pool
    job_id: str
    prices: Prices
    caps: Caps
    unwritten: dict[str, Cap] = field(default_factory=dict)  # what was written without the provider, and why

    async def take(self, input_tokens: float, output_tokens: float, share: float = 1.0) -> Taken | Cap:
        """Money for a call of about so many tokens, from this share of the job's cap; or the cap that has none."""
        usd = self.prices.cost(input_tokens, output_tokens) or 0.0
        return await retry_while_away(lambda: self._take(usd, share))

    async def _take(self, usd: float, share: float) -> Taken | Cap:
        job, day = (math.inf if cap is None else cap for cap in (self.caps.job_usd, self.caps.daily_usd))
        async with self.pool.connection() as connection, connection.transaction() as transaction:
            values = {"id": self.job_id, "usd": usd, "most": job * share}
            if await (await connection.execute(SQL["take_of_job"], values)).fetchone() is None:
                return "LANGUAGE_JOB_USD"
            row = await (await connection.execute(SQL["take_of_day"], {"usd": usd, "most": day})).fetchone()
            if row is not None:
                return Taken(row[0], usd)
            transaction.force_rollback = True
            return "LANGUAGE_DAILY_USD"

    async def settle(self, taken: Taken, used: Usage) -> None:
        """Give back what the call did not cost, or take what it cost more."""
        await retry_while_away(lambda: self._settle(taken, used))

    async def _settle(self, taken: Taken, used: Usage) -> None:
        usd = used.cost_usd - taken.usd
        tokens = {"calls": used.calls, "input": used.input_tokens, "output": used.output_tokens}
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["settle_job"], {"id": self.job_id, "usd": usd, **tokens})
            await connection.execute(SQL["settle_day"], {"day": taken.day, "usd": usd})

    async def expect(self, usage: Usage) -> None:
        """Write down and log what the job will take."""
        usd = self.prices.cost_of(usage)
        tokens = {"calls": usage.calls, "input": usage.input_tokens, "output": usage.output_tokens}
        values = {"id": self.job_id, "usd": usd, "of": self.prices.of, **tokens}
        log.info(
            "language_expected",
            job_id=self.job_id,
            cost_usd=usd,
            prices_of=str(self.prices.of),
            calls=usage.calls,
            input=usage.input_tokens,
            output=usage.output_tokens,
        )

        async def write() -> None:
            async with self.pool.connection() as connection:
                await connection.execute(SQL["expect"], values)

        await retry_while_away(write)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was written by the rules that come with the gateway."""
        by_cap = {cap: [what for what, why in self.unwritten.items() if why == cap] for cap in CAPS}
        return tuple(
            f"Written without the language provider, since {cap} had no more money: {', '.join(sorted(what))}."
            for cap, what in by_cap.items()
            if what
        )
