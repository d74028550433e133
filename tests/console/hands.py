"""Two ways to use a page: a pointer where no script runs, and keys alone, with the focus in sight at each stop."""

from dataclasses import dataclass
from typing import Protocol

from playwright.async_api import Locator

from tests.console.tab import Tab

MOST_STOPS = 160
IS_FOCUSED = "one => one === document.activeElement"
IN_SIGHT = """
one => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none";
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return shown && within && one.matches(":focus-visible");
}
"""


class Hands(Protocol):
    """What a person does with one element."""

    tab: Tab

    async def press(self, target: Locator) -> None: ...

    async def fill(self, target: Locator, text: str) -> None: ...

    async def choose(self, target: Locator, option: str) -> None: ...


@dataclass(slots=True)
class Pointer:
    """Clicks and types."""

    tab: Tab

    async def press(self, target: Locator) -> None:
        await target.click()

    async def fill(self, target: Locator, text: str) -> None:
        await target.fill(text)

    async def choose(self, target: Locator, option: str) -> None:
        await target.select_option(label=option)


@dataclass(slots=True)
class Keys:
    """Tab, Enter and letters."""

    tab: Tab

    async def press(self, target: Locator) -> None:
        await self.reach(target)
        await self.tab.page.keyboard.press("Enter")

    async def fill(self, target: Locator, text: str) -> None:
        await self.reach(target)
        await self.tab.page.keyboard.press("Control+A")
        await self.tab.page.keyboard.type(text)

    async def choose(self, target: Locator, option: str) -> None:
        await self.reach(target)
        await self.tab.page.keyboard.type(option)

    async def reach(self, target: Locator) -> None:
        """Go there stop by stop; from the beginning of a page over the link to its content."""
        keyboard = self.tab.page.keyboard
        await target.wait_for()
        in_content = await target.evaluate("one => !!one.closest('main')")
        if in_content and await self.tab.page.evaluate("document.activeElement === document.body"):
            await keyboard.press("Tab")
            if await self.tab.page.evaluate("document.activeElement.matches('.skip')"):
                await keyboard.press("Tab")
                await keyboard.press("Enter")
        for _ in range(MOST_STOPS):
            if await target.evaluate(IS_FOCUSED):
                break
            await keyboard.press("Tab")
        assert await target.evaluate(IS_FOCUSED), f"no stop at {target}"
        assert await target.evaluate(IN_SIGHT), f"the focus cannot be seen at {target}"
