"""What is known of a user at a glance, and as much of it as goes with a question."""

from dataclasses import dataclass
from typing import Any

from gateway.database.pool import Pool
from gateway.retrieval.search import SQL

PROFILE_CHARACTERS = 16_000


@dataclass(frozen=True, slots=True)
class Profile:
    """A user's published result, in the order of the statement's columns."""

    soulprint_text: str | None
    memory_md: str | None
    memory_log: str | None
    soulprint: dict[str, Any] | None
    archetype: str | None
    ai_name: str | None
    total_conversations: int | None
    pipeline: str | None

    @property
    def known(self) -> bool:
        """Has anything been published for the user?"""
        return any((self.soulprint_text, self.memory_md, self.memory_log, self.soulprint))

    def text(self, soulprint_text: str | None = None) -> str:
        """For a question: the soulprint (the caller's own, if given), then MEMORY, then the log, bounded."""
        soulprint = soulprint_text or self.soulprint_text or ""
        memory = without_lines_of(soulprint, self.memory_md or "")
        parts = [part for part in (soulprint, memory, self.memory_log or "") if part]
        share = PROFILE_CHARACTERS // max(len(parts), 1)
        return "\n\n".join(part[:share] for part in parts)


NOBODY = Profile(None, None, None, None, None, None, None, None)


def without_lines_of(text: str, other: str) -> str:
    """What `other` says beyond `text`: v2's soulprint holds its MEMORY already, its headings a level deeper."""
    known = {line.strip(" #") for line in text.splitlines()}
    return "\n".join(line for line in other.splitlines() if line.strip(" #") not in known)


async def read_profile(pool: Pool, user_id: str) -> Profile:
    """The user's profile; `NOBODY` for an unknown user."""
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["profile"], {"user": user_id})).fetchone()
    return NOBODY if row is None else Profile(*row)
