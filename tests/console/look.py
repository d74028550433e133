"""What anybody can see of a page: broken rules of accessibility, what is cut off, what is too small to be hit."""

from functools import cache
from importlib.resources import files
from typing import Any

from tests.console.tab import Tab

# Wide content in boxes that scroll by themselves is no sideways scroll of the page.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = """
[...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("nav, .table, .scroll"))
  .slice(0, 4).map(one => one.outerHTML.slice(0, 100)).join(" | ")
"""
# As WCAG 2.5.8 has it: links within a sentence may be as high as their line.
SMALL = """
[...document.querySelectorAll("a,button,input:not([type=hidden]),select,summary")].filter(one => {
  const box = one.getBoundingClientRect();
  if (!box.width || one.classList.contains("skip") || getComputedStyle(one).visibility === "hidden") return false;
  if (getComputedStyle(one).display === "inline" && one.tagName === "A") return false;
  return box.width < 24 || box.height < 24;
}).map(one => one.outerHTML.slice(0, 120) + " " + JSON.stringify(one.getBoundingClientRect()))
"""
RUN = "() => axe.run(document, {resultTypes: ['violations']})"


@cache
def axe() -> str:
    """axe-core."""
    return (files("axe_playwright_python") / "axe.min.js").read_text()


async def violations(tab: Tab) -> list[str]:
    """Rules of axe-core that the page breaks, each with where."""
    if not await tab.page.evaluate("typeof axe === 'object'"):
        await tab.page.evaluate(axe())
    found: dict[str, Any] = await tab.page.evaluate(RUN)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


async def what_is_wrong(tab: Tab, *, rules: bool = True) -> list[str]:
    """All of it. `rules`: with those of axe-core, which take half a second."""
    wrong = await violations(tab) if rules else []
    if over := await tab.page.evaluate(SIDEWAYS):
        wrong.append(f"scrolls sideways by {over} px: {await tab.page.evaluate(WIDE)}")
    return [*wrong, *(f"too small: {one}" for one in await tab.page.evaluate(SMALL))]
