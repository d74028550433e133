"""Facts made to fit a language engine's window: in groups, over and over, and never without end."""

from collections.abc import Iterator, Sequence

from pipelines.contract import Fact, Ports, Usage
from pipelines.stages.ledger import consolidate, fact_tokens, strongest_first, total_tokens
from pipelines.stages.results import Reduced, version_of


async def fit_window(facts: Sequence[Fact], ports: Ports, step: str) -> tuple[tuple[Fact, ...], Usage]:
    """The facts, reduced until they fit one call. Stored as steps `<step>/<round>.<group>`.

    Each round asks for half of every group. A round that does not shrink them is the last: then the strongest facts
    that fit are kept.
    """
    window = ports.language.window_tokens
    usage = Usage()
    round_ = 0
    while (size := total_tokens(facts)) > window:
        reduced: list[Fact] = []
        for n, group in enumerate(_groups(facts, window)):
            result = await _reduce(group, f"{step}/{round_:02d}.{n:03d}", ports)
            reduced.extend(result.facts)
            usage += result.usage
        facts = consolidate(reduced)
        if total_tokens(facts) >= size:
            facts = strongest_that_fit(facts, window)
        round_ += 1
    return tuple(facts), usage


def strongest_that_fit(facts: Sequence[Fact], tokens: int) -> tuple[Fact, ...]:
    """As many of the strongest facts as `tokens` hold."""
    kept, used = [], 0
    for fact in strongest_first(facts):
        used += fact_tokens(fact)
        if used > tokens:
            break
        kept.append(fact)
    return tuple(kept)


async def _reduce(group: tuple[Fact, ...], step: str, ports: Ports) -> Reduced:
    keep = total_tokens(group) // 2

    async def work() -> Reduced:
        return Reduced(*await ports.language.reduce(group, keep))

    return await ports.steps.run(step, version_of(ports.language.name, group, keep), Reduced, work)


def _groups(facts: Sequence[Fact], window: int) -> Iterator[tuple[Fact, ...]]:
    """Runs of facts that fit the window, at least one fact each."""
    group, used = list[Fact](), 0
    for fact in facts:
        size = fact_tokens(fact)
        if group and used + size > window:
            yield tuple(group)
            group, used = [], 0
        group.append(fact)
        used += size
    if group:
        yield tuple(group)
