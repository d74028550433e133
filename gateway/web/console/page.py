"""`Page`: what a route of the console has at hand, and how it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.rollout.history import By
from gateway.services import Services
from gateway.web.console.access.session import Session
from gateway.web.console.forms import Form, read_form
from gateway.web.console.frame import frame_of
from gateway.web.console.parts import Console, console_of


@dataclass(frozen=True, slots=True)
class Page:
    """One request of somebody who is logged in."""

    request: Request
    console: Console
    session: Session

    @property
    def services(self) -> Services:
        """What routes share."""
        return self.console.services

    @property
    def operator(self) -> str:
        """Who asks."""
        return self.session.name

    @property
    def query(self) -> Mapping[str, str]:
        """What the address says."""
        return self.request.query_params

    @property
    def live(self) -> bool:
        """Does the page's script ask, for the content alone?"""
        return "hx-request" in self.request.headers

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.console.now()

    def by(self, why: str) -> By:
        """Who changes something, and why."""
        return By(self.operator, "console", why)

    async def form(self) -> Form:
        """What was typed. Raises what `read_form` raises."""
        return await read_form(self.request)

    async def show(self, template: str, view: Any, status: int = 200, *, path: str | None = None) -> Response:
        """The page, or its content alone. `path`: of the page, where an action's route shows it."""
        frame = frame_of(
            self.services.flags.state(),
            environment=self.services.settings.console_name,
            session=self.session,
            path=path or path_of(self.request),
            now=self.now,
            strip=await self.console.strip(),
        )
        layout = "fragment.html" if self.live else "frame.html"
        text = self.console.templates.print(template, layout=layout, view=view, frame=frame, page=self)
        return HTMLResponse(text, status)

    def leads_to(self, path: str) -> Response:
        """After something was changed: the page that shows it."""
        return RedirectResponse(path, 303)


def path_of(request: Request) -> str:
    """The request's own path with its query."""
    query = request.url.query
    path = quote(request.url.path)
    return f"{path}?{query}" if query else path


def open_page(request: Request) -> Page:
    """The dependency of every route; the gate has let nobody pass who is not logged in."""
    return Page(request, console_of(request), request.scope["console_session"])


OpenPage = Annotated[Page, Depends(open_page)]
