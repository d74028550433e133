"""The page of all metrics: rendered once for all who ask at the same time, since it takes some milliseconds."""

import asyncio
from collections.abc import Callable

from prometheus_client import CollectorRegistry, exposition

from gateway.services import Services


class MetricsPage:
    """Whoever asks before a rendering begins shares it, and so never sees what is older than the question."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._next: dict[str, asyncio.Task[bytes]] = {}

    async def read(self, accept: str) -> tuple[bytes, str]:
        """The page and its content type, as OpenMetrics when asked for."""
        render, content_type = exposition.choose_encoder(accept)
        task = self._next.get(content_type)
        if task is None:
            task = self._next[content_type] = asyncio.create_task(self._render(render, content_type))
        return await asyncio.shield(task), content_type

    async def _render(self, render: Callable[[CollectorRegistry], bytes], content_type: str) -> bytes:
        try:
            await self._services.reading.refresh()
        finally:
            del self._next[content_type]
        return render(self._services.metrics.registry)
