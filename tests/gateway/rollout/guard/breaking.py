"""A pipeline that raises what nobody expects, for the users whom a file names."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.contract import ImportRequest, Pipeline, Ports, Soulprint


@dataclass(frozen=True, slots=True)
class BreaksFor:
    """The pipeline, for everybody but some."""

    pipeline: Pipeline
    names: Path  # one user a line

    async def __call__(self, request: ImportRequest, ports: Ports) -> Soulprint:
        if request.user_id in self.names.read_text().split():
            raise ZeroDivisionError
        return await self.pipeline(request, ports)
