"""Prices of steps, by the traffic that the database knows."""

import asyncio
from collections.abc import Sequence

from flags.model import Pipeline
from gateway.database.pool import Pool
from gateway.database.reads import Reads
from gateway.rollout.guard.price import StepPrice, price_step
from gateway.rollout.guard.store import read_traffic


async def price_steps(pool: Pool | Reads, pipeline: Pipeline, percents: Sequence[float]) -> list[StepPrice]:
    """One a percentage; off the loop, since a low dial takes a while to work out. Raises psycopg.Error."""
    async with pool.connection() as connection:
        traffic = await read_traffic(connection, pipeline)
    return [await asyncio.to_thread(price_step, traffic, pipeline, percent) for percent in percents]
