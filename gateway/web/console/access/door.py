"""What stands before all pages of the console: whom it lets pass, and what it answers to everybody else."""

from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.config.operators import Operator
from gateway.errors import GatewayError
from gateway.web.console.access import headers
from gateway.web.console.access.gate import READS, Head, refusal
from gateway.web.console.access.session import COOKIE, Session, read_session, set_cookie
from gateway.web.console.access.ways import OFF, own_page, page_of_action
from gateway.web.console.forms import Form, read_form
from gateway.web.console.parts import Console
from gateway.web.middleware.instrument import ANSWER_HEADERS

LOGIN: Final = "/console/login"
RENEWED: Final = "/console/session"
STREAM: Final = "/console/stream"
OPEN: Final = "/console/static/"
SESSION: Final = "console_session"


class Door:
    """Sets the headers of all answers, refuses what comes from elsewhere, and asks for a log-in."""

    def __init__(self, app: ASGIApp, console: Console) -> None:
        self._app = app
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[ANSWER_HEADERS] = headers.PAGE
        head = Head.of(scope["method"], scope["path"], scope["query_string"], scope["headers"])
        why = refusal(head, self._console.services.settings.console_origin)
        if why is not None:
            await PlainTextResponse(f"{why}\n", 403)(scope, receive, send)
        elif head.path == LOGIN or head.path.startswith(OPEN):
            await self._app(scope, receive, send)
        else:
            await self._let_in(head, scope, receive, send)

    async def _let_in(self, head: Head, scope: Scope, receive: Receive, send: Send) -> None:
        now = self._console.now()
        found = read_session(head.cookie_named(COOKIE), self._console.operators, now)
        if found is None:
            answer = await self._ask(head, Request(scope, receive))
            await answer(scope, receive, send)
            return
        session, operator = found
        if is_used(head) and session.wants_renewal(now):
            session = session.renewed(now)
            send = with_cookie(send, session, operator, now)
        scope[SESSION] = session
        await self._app(scope, receive, send)

    async def _ask(self, head: Head, request: Request) -> Response:
        """Ask for a log-in, and keep what was typed."""
        if head.path == STREAM:
            return Response(status_code=401)
        if head.path == RENEWED:
            return Response(status_code=204)  # not yet: the box stays as it is, with what is being typed
        if head.live:
            return self._page("session_over.html", 401, retarget=True)
        if head.is_first_from_elsewhere and head.cookie_named(COOKIE) is None:
            return self._page("reload.html", 200, address=own_page(f"{head.path}?{head.query}"))
        if head.method in READS:
            return RedirectResponse(f"{LOGIN}?next={quote(own_page(f'{head.path}?{head.query}'))}", 303)
        try:
            form = await read_form(request)
        except GatewayError:
            form = Form()
        page = page_of_action(head.path, request.headers.get("referer"), dict(form.values))
        return self._page("login.html", 401, next=page, then="off" if head.path == OFF else "")

    def _page(self, template: str, status: int, *, retarget: bool = False, **values: str) -> Response:
        settings, flags = self._console.services.settings, self._console.services.flags
        text = self._console.templates.print(
            template, **{"problem": "", **values}, environment=settings.console_name, base=flags.versions.base
        )
        more = {"HX-Retarget": "#session", "HX-Reswap": "innerMorph"} if retarget else None
        return HTMLResponse(text, status, more)


def is_used(head: Head) -> bool:
    """Does a person use it now? What a page asks for by itself does not keep a session alive."""
    return not (head.live and head.method in READS) and head.path != STREAM


def with_cookie(send: Send, session: Session, operator: Operator, now: float) -> Send:
    """`send` that renews the session, unless the answer sets it itself."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            found = MutableHeaders(scope=message)
            if not any(COOKIE in SimpleCookie(value) for value in found.getlist("set-cookie")):
                found.append("set-cookie", set_cookie(session, operator, now))
        await send(message)

    return send_with_cookie
