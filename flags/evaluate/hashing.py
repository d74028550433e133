"""Where a user falls: the Unleash hash, and a finer bucket that nests inside its percentiles."""

import mmh3

# Bytes only: the text functions of mmh3 kill the process on a lone surrogate; `str.encode` raises instead.
digest = mmh3.mmh3_32_uintdigest


def spread(group_id: str, user_id: str) -> int:
    """Unleash's hash of a user in a group, 0 to 2**32 - 1. Raises UnicodeEncodeError on a lone surrogate."""
    return digest(f"{group_id}:{user_id}".encode())


def percentile(group_id: str, user_id: str) -> int:
    """1 to 100: a rollout of p percent reaches the users whose percentile is at most p."""
    return spread(group_id, user_id) % 100 + 1


def bucket(group_id: str, user_id: str) -> int:
    """0 to 9,999: the percentile first, then a hundred steps inside it.

    Because buckets 0..99 are exactly percentile 1, "bucket below 10" (0.1 %) only holds users whom
    a rollout of 1 % reaches too: raising a dial through fractions and whole percents moves nobody back.
    """
    return bucket_of(spread(group_id, user_id))


def bucket_of(hashed: int) -> int:
    """The bucket of a hash."""
    return hashed % 100 * 100 + hashed // 100 % 100
