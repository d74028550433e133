"""A user who leaves: everything about them goes from every table."""

from typing import Final

from gateway.database.pool import Pool

Removed = dict[str, int]  # table -> rows
FORGET: Final = "select gateway.forget_user(%(user)s)"


async def forget_user(pool: Pool, user_id: str) -> Removed:
    """Remove all of one user's data, in one transaction; how many rows of each table.

    Jobs go too, those that run included: their workers find the claim lost within a second, and write nothing more.
    Empty where no user can have this id: the database knows users by UUIDs, and it is none.
    """
    async with pool.connection() as connection:
        row = await (await connection.execute(FORGET, {"user": user_id})).fetchone()
    removed: Removed = {} if row is None else row[0]
    return dict(sorted(removed.items()))
