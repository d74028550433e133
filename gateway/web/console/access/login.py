"""`/console/login` and `/console/logout`: who shows an operator's token gets a session, so often a minute."""

from dataclasses import dataclass
from typing import Final, Literal

import structlog
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.config.operators import Operator
from gateway.rollout.all_off.switch import NotOff
from gateway.web.auth import digest, find_digest
from gateway.web.console.access.session import Session, end_cookie, set_cookie
from gateway.web.console.access.ways import own_page
from gateway.web.console.forms import Form, read_form
from gateway.web.console.parts import Console, console_of
from gateway.web.middleware.authenticate import address_of

LONGEST_NAME: Final = 100
Outcome = Literal["let_in", "wrong", "too_many"]

router = APIRouter(prefix="/console")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """The log-in failed; what to say of it."""

    outcome: Outcome
    problem: str
    status: int = 401


@router.get("/login")
async def ask_for_login(request: Request) -> Response:
    """The form."""
    return login_page(request, Form({"next": request.query_params.get("next", "")}), "", 200)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Begin a session, and go where the form leads."""
    console = console_of(request)
    form = await read_form(request)
    try:
        session, operator = judge(console, form, address_of(request.scope, console.services.settings.trusted_proxies))
    except Refused as refused:
        count(console, refused.outcome)
        return login_page(request, form, refused.problem, refused.status)
    count(console, "let_in")
    log.info("console_login", operator=session.name)
    if form["then"] == "off":
        await off_after_login(console, session)
    answer = answer_let_in(request, form, console)
    answer.headers.append("set-cookie", set_cookie(session, operator, console.now()))
    return answer


@router.get("/session")
async def tell_renewed(request: Request) -> Response:
    """Asked by the box of a page whose session was over, in case it is not: logged in from another tab, or the box came
    with an answer that was slower than the log-in. The door answers as long as there is no session."""
    return answer_renewed(console_of(request))


@router.post("/logout")
async def log_out(_request: Request) -> Response:
    """End the session of this browser."""
    answer = RedirectResponse("/console/login", 303)
    answer.headers.append("set-cookie", end_cookie())
    return answer


async def off_after_login(console: Console, session: Session) -> None:
    """What was asked for while the session was over. Where it fails, the page does not say that all is off."""
    try:
        await console.turn_all_off(session.name)
    except NotOff as error:
        log.warning("all_off_failed", operator=session.name, error=str(error))


def judge(console: Console, form: Form, address: str) -> tuple[Session, Operator]:
    """Who logs in. Raises Refused."""
    now = console.now()
    if seconds := console.limits.take(address, now):
        raise Refused("too_many", f"Too many tries: again in {seconds} s.", 429)
    operator = find_operator(console.operators, form["token"])
    if operator is None:
        raise Refused("wrong", "That is no operator's token.")
    name = operator.name or form["name"]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused("wrong", f"Say who you are, in at most {LONGEST_NAME} characters: it goes into the history.", 422)
    return Session(name, now, now), operator


def find_operator(operators: tuple[Operator, ...], token: str) -> Operator | None:
    """Whose token it is. Takes as long whether or not it is anybody's."""
    known = {digest(one.token.encode()): one for one in operators}
    found = find_digest([token.encode("utf-8", "replace")], tuple(known))
    return None if found is None else known[found]


def answer_let_in(request: Request, form: Form, console: Console) -> Response:
    """Back to the page; where the box stood in a page, that page reads itself anew, and sends nothing."""
    if "hx-request" in request.headers:
        return answer_renewed(console)
    return RedirectResponse(own_page(form["next"]), 303)


def answer_renewed(console: Console) -> Response:
    """In place of the box."""
    text = console.templates.print("session_renewed.html")
    return HTMLResponse(text, headers={"HX-Trigger": "session-renewed"})


def login_page(request: Request, form: Form, problem: str, status: int) -> Response:
    """The form with what went wrong; the token is typed anew."""
    console = console_of(request)
    template = "session_over.html" if "hx-request" in request.headers else "login.html"
    text = console.templates.print(
        template,
        next=own_page(form["next"]),
        then="off" if form["then"] == "off" else "",
        problem=problem,
        environment=console.services.settings.console_name,
        base=console.services.base,
    )
    more = {"HX-Retarget": "#session", "HX-Reswap": "innerMorph"} if "hx-request" in request.headers else None
    return HTMLResponse(text, status, more)


def count(console: Console, outcome: Outcome) -> None:
    """How it ended."""
    console.services.metrics.console_logins.labels(outcome).inc()
