"""Having facts forgotten: out of what is remembered, out of every kept result and document, and never told again."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from gateway.database.pool import Connection, Pool, load_sql
from gateway.jobs.memories.store import read_memories
from gateway.jobs.publish import encode_json
from pipelines.contract import Soulprint
from pipelines.facts import Memory
from pipelines.memory.identity import identity_of, key_of
from pipelines.memory.prune import without_words, without_words_of
from pipelines.memory.remember import forget
from pipelines.memory.withhold import blackened, without_lines, without_values, words_of
from pipelines.memory.words import Words

SQL: Final = load_sql(Path(__file__).with_name("forget.sql"))
DOCUMENTS: Final = (
    "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_log", "memory_md",
    "archetype", "ai_name",
)  # fmt: skip
Rows = list[tuple[Any, ...]]
COMPARED: Final = (("planned_runs", "write_planned_run"), ("comparisons", "write_comparison"))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: facts over all versions, each value counted once; `removed` counts rows that held their words."""

    facts: int
    removed: dict[str, int]


async def forget_facts(pool: Pool, user_id: str, ids: Sequence[str] | None) -> Forgotten:
    """Forget a user's facts with these ids, or all that is remembered, in one transaction. Cannot be undone.

    Whatever else says the same words goes with them: "hiking near Graz" with "Graz".
    """
    async with pool.connection() as connection, connection.transaction():
        if not await read_memories(connection, user_id):  # a user who has one has an id that the app's tables take
            return Forgotten(0, {})
        await connection.execute(SQL["hold_profile"], {"user": user_id})
        memories = await read_memories(connection, user_id)
        facts = [one.fact for memory in memories.values() for one in memory.facts]
        words = words_of(facts if ids is None else [fact for fact in facts if identity_of(fact) in ids])
        if words is None:
            return Forgotten(0, {})
        keys = sorted({key_of(fact.value) for fact in facts if words.search(fact.value)})
        await connection.execute(SQL["note_forgotten"], {"user": user_id, "keys": keys})
        cleaning = _Cleaning(connection, user_id, words, keys)
        return Forgotten(len(keys), await cleaning.clean(memories))


@dataclass(frozen=True, slots=True)
class _Cleaning:
    """One user's rows, without these words. What is searched for is long where much is forgotten: threads do it."""

    connection: Connection
    user_id: str
    words: Words
    keys: Sequence[str]

    async def clean(self, memories: Mapping[str, Memory]) -> dict[str, int]:
        for pipeline, memory in memories.items():
            kept = msgspec.structs.replace(without_words_of(forget(memory, self.keys), self.words), forgotten=())
            await self._write("write_memory", pipeline=pipeline, memory=encode_json(kept))
        return {
            "results": await self._clean_results(),
            "profiles": await self._clean_profiles("live_profile", "write_live_profile"),
            "kept_profiles": await self._clean_profiles("kept_profiles", "write_kept_profile"),
            "readings": await self._drop_readings(),
            "steps": await self._write("drop_steps"),
            "answers": await self._write("drop_answers"),
            "comparisons": sum([await self._blacken(*names) for names in COMPARED]),
        }

    async def _clean_results(self) -> int:
        cleaned = await asyncio.to_thread(self._results, await self._rows("results"))
        for pipeline, soulprint in cleaned:
            await self._write("write_result", pipeline=pipeline, soulprint=soulprint)
        return len(cleaned)

    def _results(self, rows: Rows) -> list[tuple[str, str]]:
        held = [(pipeline, text) for pipeline, text in rows if self.words.search(text)]
        return [(pipeline, encode_json(self._result(text))) for pipeline, text in held]

    def _result(self, text: str) -> Soulprint:
        result = msgspec.json.decode(text, type=Soulprint)
        return without_words(result, self.words, [fact for fact in result.facts if self.words.search(fact.value)])

    async def _clean_profiles(self, read: str, write: str) -> int:
        cleaned = await asyncio.to_thread(self._profiles, await self._rows(read))
        for columns in cleaned:
            await self._write(write, **columns)
        return len(cleaned)

    def _profiles(self, rows: Rows) -> list[dict[str, Any]]:
        held = [row for row in rows if any(text and self.words.search(text) for text in row[1:])]
        return [
            {"pipeline": pipeline, "soulprint": soulprint and self._sections(soulprint)}
            | {name: text and without_lines(text, self.words) for name, text in zip(DOCUMENTS, documents, strict=True)}
            for pipeline, soulprint, *documents in held
        ]

    def _sections(self, soulprint: str) -> str:
        """Sections and the list of facts, as JSON: a fact whose value holds the words goes, evidence is emptied."""
        value = msgspec.json.decode(soulprint)
        if not isinstance(value, dict):
            return encode_json(without_values(value, self.words))
        facts = value.pop("facts", None)
        cleaned = without_values(value, self.words)
        if isinstance(facts, list):
            held = [fact for fact in facts if not self.words.search(str(fact.get("value", "")))]
            cleaned["facts"] = [
                {name: "" if isinstance(text, str) and self.words.search(text) else text for name, text in fact.items()}
                for fact in held
            ]
        return encode_json(cleaned)

    async def _drop_readings(self) -> int:
        rows = await self._rows("readings")
        keys = await asyncio.to_thread(lambda: [key for key, payload in rows if self.words.search(payload)])
        return await self._write("drop_readings", keys=keys)

    async def _blacken(self, read: str, write: str) -> int:
        """What is kept of comparisons keeps its shape: only the words go."""
        cleaned = await asyncio.to_thread(self._blackened, await self._rows(read))
        for key, value in cleaned:
            await self._write(write, key=key, value=value)
        return len(cleaned)

    def _blackened(self, rows: Rows) -> list[tuple[str, str]]:
        held = [(key, text) for key, text in rows if self.words.search(text)]
        return [(key, encode_json(blackened(msgspec.json.decode(text), self.words))) for key, text in held]

    async def _rows(self, name: str) -> Rows:
        return await (await self.connection.execute(SQL[name], {"user": self.user_id})).fetchall()

    async def _write(self, name: str, **values: Any) -> int:
        return (await self.connection.execute(SQL[name], {"user": self.user_id, **values})).rowcount
