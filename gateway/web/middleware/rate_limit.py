"""A rate for each of many callers, kept in bounded memory: a token bucket written as one time per caller."""

import math
from collections import OrderedDict
from typing import Final

MOST_CALLERS: Final = 10_000


class RateLimit:
    """`per_minute` requests a minute each; what is not used adds up to one minute's worth.

    A caller's bucket is the time at which it would be full again (GCRA): a caller whose time has passed is as good as
    unknown. Above `most` callers the one seen longest ago is forgotten, which at worst fills its bucket.
    """

    def __init__(self, per_minute: int, most: int = MOST_CALLERS) -> None:
        self._interval = 60 / per_minute
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, caller: str, now: float) -> int:
        """0 if the request may pass, else after how many whole seconds the next one may. `now` in seconds."""
        full_at = max(now, self._full_at.get(caller, now)) + self._interval
        over = full_at - now - 60
        if over > 1e-6:
            return math.ceil(over)
        self._full_at[caller] = full_at
        self._full_at.move_to_end(caller)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return 0

    def __len__(self) -> int:
        return len(self._full_at)
