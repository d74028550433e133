"""What comparisons say together: every rate beside its noise, with intervals that hold while people watch."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median

import msgspec

from gateway.config.moments import Span
from gateway.shadow.compare.model import AGREEING, CLASSES
from gateway.shadow.compare.rules import rule_for
from gateway.shadow.report.harms import EffectCount, HarmReport, harm_report
from gateway.shadow.report.statistics import in_points
from gateway.statistics.confidence import (
    ALPHA,
    Interval,
    Rate,
    difference_interval,
    median_interval,
    rate_interval,
)
from pipelines.capabilities import Capabilities
from pipelines.versions import age_of, oldest_first


class ReportRow(msgspec.Struct, frozen=True):
    """One rate between pipelines and the same rate between equal runs."""

    name: str
    rate: Rate
    interval: Interval
    noise: Rate
    noise_interval: Interval
    difference: Interval  # of rate minus noise
    beyond_noise: bool
    decides: bool = True  # False: shown only, by its rule
    expected: str | None = None  # why the newer version is expected to differ here, by its own declaration


class Kind(msgspec.Struct, frozen=True):
    """A kind of difference: in how many pairs, and one to look at."""

    kind: str
    pairs: int
    noise_pairs: int
    example: str


class Cost(msgspec.Struct, frozen=True):
    """What runs of one pipeline took, all under the same conditions: as comparisons."""

    pipeline: str
    runs: int
    seconds: float  # medians
    seconds_interval: Interval | None  # None: too few runs to say
    cpu_seconds: float
    tokens: float  # means
    cost_usd: float


class PairCount(msgspec.Struct, frozen=True):
    """Two versions that were compared, the older one first, and in how many pairs."""

    one: str
    other: str
    pairs: int


class Goal(msgspec.Struct, frozen=True):
    """Until when sampling goes on."""

    precision: float
    since: datetime
    asked_by: str
    asked_at: datetime
    reached_at: datetime | None = None
    message: str = ""


class Report(msgspec.Struct, frozen=True):
    """The report. Rates are shares of users, by first pairs; intervals hold at every moment with probability 95 %."""

    since: datetime
    harm: HarmReport
    answer: str
    overall: ReportRow
    classes: tuple[ReportRow, ...]
    fields: tuple[ReportRow, ...]
    kinds: tuple[Kind, ...]
    outcomes: dict[str, dict[str, int]]  # mode -> outcome -> planned comparisons
    costs: tuple[Cost, ...]
    judgements: dict[str, int]
    goal: Goal | None = None
    shown: PairCount | None = None  # the versions that this report is about; None: nothing was compared yet
    compared: tuple[PairCount, ...] = ()  # all that were compared, the latest first
    until: datetime | None = None  # comparisons before then; none: all since then


class Counts(msgspec.Struct, frozen=True):
    """What the database counts; keys are (mode, ...)."""

    classes: Mapping[tuple[str, str], int]
    fields: Mapping[tuple[str, str], Rate]
    kinds: tuple[Kind, ...] = ()
    outcomes: dict[str, dict[str, int]] = {}
    costs: Sequence[tuple[str, str, float, float, int, float]] = ()  # pipeline, mode, seconds, cpu, tokens, US dollars
    judgements: dict[str, int] = {}
    shown: PairCount | None = None
    compared: tuple[PairCount, ...] = ()
    effects: tuple[EffectCount, ...] = ()


def build_report(
    counts: Counts, span: Span, goal: Goal | None = None, declared: Mapping[str, Capabilities] | None = None
) -> Report:
    """The report of what was counted; `declared` says where versions are expected to differ."""
    overall = line("any difference", mismatch(counts, "shadow"), mismatch(counts, "noise"))
    names = sorted({name for _, name in counts.fields})
    alpha = ALPHA / max(1, len(names))  # with many fields too, at most one report in twenty gives a false alarm
    newer = (declared or {}).get(counts.shown.other if counts.shown else "", Capabilities())
    fields = [field_line(counts, name, alpha, newer.why_different(name)) for name in names]
    return Report(
        since=span[0],
        until=span[1],
        harm=harm_report(counts.effects, *((counts.shown.one, counts.shown.other) if counts.shown else (None, None))),
        answer=answer(overall, counts.shown),
        overall=overall,
        classes=tuple(
            line(name, class_rate(counts, "shadow", name), class_rate(counts, "noise", name)) for name in CLASSES
        ),
        fields=tuple(sorted(fields, key=lambda one: (not one.decides, -one.rate.mean, one.name))),
        kinds=counts.kinds,
        outcomes=counts.outcomes,
        costs=tuple(costs_of(counts.costs)),
        judgements=counts.judgements,
        goal=goal,
        shown=counts.shown,
        compared=counts.compared,
    )


def field_line(counts: Counts, name: str, alpha: float, expected: str | None) -> ReportRow:
    """One field's rate beside its noise."""
    nothing = Rate(0, 0)
    rate, noise = counts.fields.get(("shadow", name), nothing), counts.fields.get(("noise", name), nothing)
    return msgspec.structs.replace(line(name, rate, noise, alpha), expected=expected)


def mismatch(counts: Counts, mode: str) -> Rate:
    """How often a pair as a whole is neither the same nor equivalent."""
    pairs = sum(count for (of, _), count in counts.classes.items() if of == mode)
    agreeing = sum(counts.classes.get((mode, name), 0) for name in AGREEING)
    return Rate(pairs - agreeing, pairs)


def class_rate(counts: Counts, mode: str, name: str) -> Rate:
    return Rate(counts.classes.get((mode, name), 0), mismatch(counts, mode).pairs)


def line(name: str, rate: Rate, noise: Rate, alpha: float = ALPHA) -> ReportRow:
    """A rate beside its noise. `alpha` is for whether it is beyond noise; the intervals shown are 95 % ones."""
    surely = difference_interval(rate, noise, alpha)
    return ReportRow(
        name=name,
        rate=rate,
        interval=rate_interval(rate),
        noise=noise,
        noise_interval=rate_interval(noise),
        difference=difference_interval(rate, noise),
        beyond_noise=not surely.low <= 0 <= surely.high,
        decides=rule_for(name).weight > 0,
    )


def pair_to_show(compared: Sequence[PairCount], asked: tuple[str, str] | None = None) -> PairCount | None:
    """Which two versions a report is about: those asked for; else the one in question in the latest comparison, beside
    the newest that it was compared with. `compared`: the latest first."""
    if asked is not None:
        one, other = oldest_first(asked)
        found = (pair for pair in compared if (pair.one, pair.other) == (one, other))
        return next(found, PairCount(one, other, 0))
    latest = [pair for pair in compared if pair.other == compared[0].other]
    return max(latest, key=lambda pair: age_of(pair.one), default=None)


def answer(overall: ReportRow, shown: PairCount | None = None) -> str:
    """The report in one sentence."""
    if not overall.rate.pairs:
        return "Nothing was compared yet." if shown is None else f"{against(shown)}: nothing was compared yet."
    said = f"{against(shown)}: " if shown else ""
    said += f"{in_points(overall.rate)} differ, noise {in_points(overall.noise)}"
    low, high = overall.difference.low * 100, overall.difference.high * 100
    beyond = "beyond noise" if overall.beyond_noise else "not beyond noise"
    return f"{said}: a difference of {low:+.1f} to {high:+.1f} points, {beyond}."


def against(pair: PairCount) -> str:
    """The pair's name."""
    return f"{pair.other} against {pair.one}"


def costs_of(rows: Sequence[tuple[str, str, float, float, int, float]]) -> list[Cost]:
    """Medians and means by pipeline. Only runs as comparisons count: a primary's run has the machine for itself."""
    costs = []
    for pipeline in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == pipeline]
        seconds = [row[2] for row in own]
        interval = median_interval(seconds)
        costs.append(
            Cost(
                pipeline=pipeline,
                runs=len(own),
                seconds=median(seconds),
                seconds_interval=None if math.isinf(interval.low) else interval,
                cpu_seconds=median(row[3] for row in own),
                tokens=sum(row[4] for row in own) / len(own),
                cost_usd=sum(row[5] for row in own) / len(own),
            )
        )
    return costs
