"""Memory is given back when there is more of it than once, ever more seldom while that changes nothing."""

from dataclasses import dataclass, field

from gateway.server.memory import CHANGE_BYTES, GROWTH_BYTES, MOST_LOOKS, SettledMemory, settled_memory


@dataclass
class Process:
    """What it holds, and after how many looks it was asked to give back."""

    held: int = 0
    looks: int = 0
    asked: list[int] = field(default_factory=list)

    def trim(self, _: int) -> None:
        self.asked.append(self.looks)


async def look(process: Process, memory: SettledMemory, times: int) -> list[int]:
    process.asked.clear()
    for process.looks in range(1, times + 1):
        await memory.settle()
    return process.asked


async def test_what_grows_is_given_back_and_again_ever_more_seldom() -> None:
    process = Process()
    memory = SettledMemory(process.trim, lambda: process.held)
    assert await look(process, memory, 5) == [], "it holds no more than once"
    process.held = GROWTH_BYTES
    assert await look(process, memory, 130) == [1, 2, 4, 8, 16, 32, 64, 128]
    assert [later - one for one, later in zip(await look(process, memory, 200), process.asked[1:], strict=False)] == [
        MOST_LOOKS
    ] * 2
    process.held += CHANGE_BYTES + 1
    assert (await look(process, memory, 3))[:2] == [1, 2], "what it holds changed"


async def test_where_the_library_gives_nothing_back_nothing_is_asked() -> None:
    memory = SettledMemory(None, lambda: 0)
    await memory.settle()
    await settled_memory().settle()
