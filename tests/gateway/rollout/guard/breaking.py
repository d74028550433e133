"""Two pipelines that do next to nothing, of which the second breaks as a file says."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import httpx

from pipelines.contract import ImportRequest, PipelineError, Ports, Soulprint

NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Quick:
    """Reads the export. `switch` holds JSON: `percent` of users for whom it raises, `users` beside them, `provider`."""

    switch: Path
    breaks: bool  # False: only what does not depend on the version

    async def __call__(self, request: ImportRequest, ports: Ports) -> Soulprint:
        asked = json.loads(self.switch.read_text())
        try:
            json.loads((await ports.exports.fetch()).read_text())
        except ValueError:
            raise PipelineError("it is no export", cause="input") from None
        if asked.get("provider") == "away":
            async with httpx.AsyncClient() as client:
                await client.get(NOWHERE)
        if self.breaks and (request.user_id in asked.get("users", ()) or place(request.user_id) < asked["percent"]):
            raise ZeroDivisionError
        return Soulprint(sections={}, facts=(), total_conversations=1, total_messages=1, total_chunks=0)


def place(user_id: str) -> int:
    """0 to 99, the same for the same user, and not by what decides the version."""
    return hashlib.sha256(user_id.encode()).digest()[0] * 100 // 256
