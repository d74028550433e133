"""What Now's routes share: the reads of this process, one look, and the page made of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from gateway.web.console.forms import Form
from gateway.web.console.page import Page
from gateway.web.console.pages.now.dial.form import DialForm
from gateway.web.console.pages.now.dial.read import EMPTY, UNSENT, Sent, fill_in
from gateway.web.console.pages.now.read import NowReads
from gateway.web.console.pages.now.seen import Seen
from gateway.web.console.pages.now.view import NowView, view_of

NOW: Final = "/console/now"


@dataclass(frozen=True, slots=True)
class NowPage:
    """Everything on the page."""

    now: NowView
    dial: DialForm


def reads_of(page: Page) -> NowReads:
    """The reads of this process."""
    found: NowReads = page.console.kept.setdefault("now", NowReads(page.services, page.console.cached))
    return found


async def see(page: Page) -> Seen:
    """One look; about the version that the address names."""
    version = page.query.get("version")
    known = page.services.flags.versions.all[1:]
    now = datetime.fromtimestamp(page.now, UTC)
    return await reads_of(page).see(now, version if version in known else None)


async def show_page(page: Page, form: Form = EMPTY, sent: Sent = UNSENT, status: int = 200) -> Response:
    """The whole page, with what was typed into the form."""
    seen = await see(page)
    dial = await fill_in(reads_of(page), seen, form, sent)
    return await page.show("now/now.html", NowPage(view_of(seen), dial), status, path=NOW if status != 200 else None)
