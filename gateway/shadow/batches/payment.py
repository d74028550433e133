"""What a batch may take of the day's budget: reserved before it is sent, at a batch's price, settled at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.database.pool import Connection
from gateway.language.prices import Prices
from gateway.shadow.budget import ANSWER_TOKENS, BYTES_A_TOKEN
from gateway.shadow.reservation import Reservation
from gateway.shadow.store import reserve
from pipelines.language.waiting import Asked


@dataclass(frozen=True, slots=True)
class Payment:
    """`prices` are those of a batch; of a model without a known price, the price seen last is taken."""

    prices: Prices
    most_tokens: int
    most_usd: float

    async def reserve(
        self, connection: Connection, asked: Sequence[Asked]
    ) -> tuple[Sequence[Asked], Reservation | None]:
        """As many of the questions as today's budget holds, from the first, and what is taken for them."""
        while asked:
            sent = sum(len(one.body.encode()) // BYTES_A_TOKEN for one in asked)
            got = len(asked) * ANSWER_TOKENS
            usd = self.prices.cost(sent, got)
            taken = await reserve(connection, sent + got, usd, self.most_tokens, self.most_usd)
            if taken is not None:
                return asked, taken
            asked = asked[: len(asked) // 2]
        return (), None
