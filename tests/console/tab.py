"""A tab that keeps what must not happen: broken rules of the page's policy, errors, requests to elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.console.served import OPERATOR, At, Served, session_cookie

PATIENCE = 60_000  # ms; a busy machine is slow
CUT = ("net::ERR_", "network error", "Failed to fetch")  # how a browser and the page's script say that nobody answers
# Reports of the policy, and how far things moved by themselves.
WATCH = """
window.reports = [];
document.addEventListener("securitypolicyviolation",
  report => window.reports.push(report.violatedDirective + " " + report.blockedURI));
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass  # without slots: Playwright marks whose methods listen
class Tab:
    """One tab of one browser profile."""

    page: Page
    served: Served | At
    scripting: bool
    allowed: tuple[int, ...] = ()  # statuses that the test provokes: a browser logs each as an error
    cut: bool = False  # the test ends the server: a browser logs each try to reach it
    wrong: list[str] = field(default_factory=list)

    async def go(self, path: str = "/console/now") -> None:
        """Open a page of the console."""
        await self.page.goto(self.served.url + path, wait_until="load")

    async def text(self, selector: str = "main") -> str:
        """What is seen of an element, blanks and line ends as one blank."""
        return " ".join((await self.page.locator(selector).inner_text()).split())

    async def shift(self) -> float:
        """How far content moved without anybody's doing, as Chromium counts it."""
        return float(await self.page.evaluate("window.shift"))

    async def reports(self) -> list[str]:
        """What the page's policy forbade."""
        return list(await self.page.evaluate("window.reports")) if self.scripting else []

    def heard(self, message: ConsoleMessage) -> None:
        """Keep an error or a warning."""
        provoked = any(f"status of {status}" in message.text for status in self.allowed)
        provoked = provoked or (self.cut and any(words in message.text for words in CUT))
        if message.type in {"error", "warning"} and not provoked:
            self.wrong.append(f"{message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        """Keep a request to elsewhere."""
        own = urlsplit(self.served.url).netloc
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
            self.wrong.append(f"request to {request.url}")


@asynccontextmanager
async def open_tab(
    browser: Browser,
    served: Served | At,
    *,
    scripting: bool = True,
    width: int = 1280,
    height: int = 800,
    scheme: Literal["light", "dark"] = "light",
    operator: str | None = OPERATOR,
    **options: Any,
) -> AsyncIterator[Tab]:
    """A tab of a profile of its own. `operator`: who is logged in, or None."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripting,
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    if operator is not None:
        await log_in(context, served, operator)
    if scripting:
        await context.add_init_script(WATCH)
    page = await context.new_page()
    tab = Tab(page, served, scripting)
    page.on("console", tab.heard)
    page.on("pageerror", lambda error: tab.wrong.append(f"page error: {error}"))
    page.on("request", tab.asked)
    try:
        yield tab
        wrong = [*tab.wrong, *await tab.reports()]
        assert not wrong, wrong
    finally:
        await context.close()


async def log_in(context: BrowserContext, served: Served | At, operator: str = OPERATOR) -> None:
    """A session, as the log-in makes it."""
    one: Any = {"url": served.url.replace("http:", "https:"), "httpOnly": True, "secure": True, "sameSite": "Strict"}
    await context.add_cookies([one | session_cookie(operator)])
