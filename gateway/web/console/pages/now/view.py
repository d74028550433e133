"""Now, ready to print: every number and every sentence of the page, made of what was read."""

from dataclasses import dataclass
from typing import Final

from flags.model import Pipeline
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import candidates, in_force, measure
from gateway.web.console.pages.now.chart import failures_chart
from gateway.web.console.pages.now.happened import Fact, LogRow, facts_of, log_rows
from gateway.web.console.pages.now.headline import Headline, Verdict, headline_of
from gateway.web.console.pages.now.ramp.block import RampBlock, ramp_block
from gateway.web.console.pages.now.seen import Seen
from gateway.web.console.pages.now.three import Three, order_of, three_of
from gateway.web.console.pages.now.tiles import Tile, Trial, looked_text, tiles_of
from gateway.web.console.wording import percent_text

WHETHER: Final = {
    "fails": "whether it fails more",
    "slower": "whether it is slower",
    "facts": "whether it loses facts",
    "split": "whether the split is honest",
}


@dataclass(frozen=True, slots=True)
class NowView:
    """What stands on the page."""

    headline: Headline
    explains: tuple[str, ...]  # what is open, and what guards
    three: Three
    ramp: RampBlock
    tiles: tuple[Tile, ...]
    version: Pipeline  # that the questions are about
    others: tuple[Pipeline, ...]  # versions above the base that one may ask about instead
    chart: Chart | None
    chart_text: str  # in its place
    log: tuple[LogRow, ...]
    log_text: str  # in its place
    facts: tuple[Fact, ...]
    base: Pipeline
    warnings: tuple[str, ...]
    version_classes: dict[Pipeline, int]  # a version's place among all, for its colour and mark
    rollout_version: str  # of what is shown: a change is for this one


def view_of(seen: Seen) -> NowView:
    """The page of one look."""
    asked = seen.asked
    force = in_force(seen.processes.value or (), asked.shares)
    measured = measure(seen.counted.value, asked.shares, force)
    trial = trial_of(seen)
    tiles = tiles_of(trial, asked, measured)
    verdicts: list[Verdict] = [tile.verdict for tile in tiles]
    wrong = seen.watched.is_wrong(seen.now)
    chart = failures_chart(seen, trial.against)
    return NowView(
        headline=headline_of(asked, force, measured, verdicts, wrong=wrong, hurts=hurts_text(trial, tiles)),
        explains=explained(seen, trial, tiles),
        three=three_of(seen, force, measured),
        ramp=ramp_block(seen),
        tiles=tiles,
        version=trial.version,
        others=tuple(version for version in reversed(seen.versions[1:]) if version != trial.version),
        chart=chart,
        chart_text=chart_text(seen) if chart is None else "",
        log=log_rows(seen.history.value or [], seen.now),
        log_text=log_text(seen),
        facts=facts_of(seen),
        base=asked.base,
        warnings=() if asked.rollout is None else asked.rollout.warnings,
        version_classes={version: order_of(version, seen.versions) for version in seen.versions},
        rollout_version="" if asked.rollout is None else asked.rollout.version,
    )


def trial_of(seen: Seen) -> Trial:
    """What is known of the version in question."""
    rollout, version = seen.asked.rollout, seen.version
    guarded = next((one for one in seen.guarded.value or () if one.pipeline == version), None)
    against = seen.asked.base if rollout is None else rollout.against(version)
    dial = 0.0 if rollout is None or seen.asked.override is not None else rollout.of(version).dial
    return Trial(
        version=version,
        against=guarded.against if guarded is not None else against,
        order=order_of(version, seen.versions),
        dial=dial,
        guarded=guarded,
        outcomes=tuple(seen.outcomes.value or ()),
        price=seen.price.value,
        harm=seen.harm.value,
    )


def hurts_text(trial: Trial, tiles: tuple[Tile, ...]) -> str:
    """What speaks against the version: it stands in the headline instead of how many questions are answered."""
    if trial.guarded is not None and trial.guarded.state == "rolled_back" and not trial.dial:
        return f"The guard turned {trial.version} off."
    harms = [tile.answer for tile in tiles if tile.verdict == "harm" and tile.id in {"fails", "slower"}]
    if harms:
        return f"{' and '.join(harms)}."
    if any(tile.id == "facts" and tile.verdict == "harm" for tile in tiles):
        return f"{trial.version} loses facts beyond chance."
    return ""


def explained(seen: Seen, trial: Trial, tiles: tuple[Tile, ...]) -> tuple[str, ...]:
    """Below the headline: what is open, who looks, and what the red button does."""
    told = []
    if trial.guarded is not None and trial.guarded.state == "rolled_back" and trial.guarded.why:
        told.append(f"Why: {trial.guarded.why.rstrip('.')}.")
    waiting = [f"{WHETHER[tile.id]} ({tile.need.removeprefix('Open: ')})" for tile in tiles if tile.verdict == "open"]
    if trial.dial and waiting:
        told.append(f"Open: {', '.join(waiting)}.")
    ramp = seen.ramp.value[0] if seen.ramp.value else None
    holds = f" A ramp is at {percent_text(ramp.target)}." if ramp is not None and ramp.state == "running" else ""
    told.append(f"{looked_text(trial.guarded, seen.now)}{holds}" if trial.dial else holds.strip())
    told.append(f"All to {seen.asked.base} asks nothing, and can be undone.")
    return tuple(text for text in told if text)


def chart_text(seen: Seen) -> str:
    if seen.outcomes.value is None:
        read = "How users' jobs ended"
        return (
            f"{read} could not be read: {seen.outcomes.problem}" if seen.outcomes.problem else f"{read} is being read."
        )
    return "No user's job has ended since then."


def log_text(seen: Seen) -> str:
    if seen.history.value is None:
        return f"The history could not be read: {seen.history.problem}" if seen.history.problem else "Being read."
    return "" if seen.history.value else "Nothing changed yet."


def shown_candidates(view_base: Pipeline, shares: dict[Pipeline, float]) -> list[Pipeline]:
    """The versions that a dial can be set for."""
    return [version for version, _ in candidates(shares, view_base)]
