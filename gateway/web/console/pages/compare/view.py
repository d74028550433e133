"""What "Compare" lists, ready to print. Nobody's words are in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.shadow.compare.model import AGREEING, HARMS
from gateway.shadow.report.by_size import by_size_text, measured_by_size
from gateway.shadow.report.harms import EffectCount
from gateway.shadow.report.overview import Overview, Spending
from gateway.shadow.report.queries import ListedPair
from gateway.shadow.report.report import Kind
from gateway.statistics.confidence import Rate, differ
from gateway.web.console.pages.compare.wanted import CLASSES, WantedPairs
from gateway.web.console.unread import Unread
from gateway.web.console.wording import count_text, day_text, percent_text
from pipelines.capabilities import Capabilities

HARM_WORDS: Final = {
    "wrong_person": "wrong person", "failed": "no result", "lost": "facts lost", "garbled": "garbled",
    "slower": "slower",
}  # fmt: skip
CLASS_WORDS: Final = {
    "same": "the same", "equivalent": "other words", "better_covered": "covers more", "worse_covered": "covers less",
    "contradicts": "contradicts", "failed": "failed",
}  # fmt: skip
PAGE: Final = 40


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of difference: in how many users' pairs, and in how many equal runs."""

    text: str
    users: str
    noise: str
    within_noise: bool
    path: str = ""
    current: bool = False
    why: str = ""  # it is so by design


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of the list."""

    number: int
    harms: str
    class_: str
    versions: str
    at: datetime
    path: str
    within_noise: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """The form above the list."""

    wanted: WantedPairs
    classes: Sequence[tuple[str, str]]
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShareForm:
    """The share of imports that is compared. `version`: of the flags, as they are shown here."""

    percent: str
    version: str
    typed: str = ""
    why: str = ""
    problem: str = ""
    conflict: Sequence[str] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class CompareView:
    """The page."""

    heading: str
    says: str
    filters: Filters
    harms: Sequence[KindRow] | Unread
    kinds: Sequence[KindRow]
    by_design: Sequence[KindRow]
    pairs: Sequence[PairRow] | Unread
    share: ShareForm
    by_size: str = ""  # which of the two finds more on which size of history, as was measured
    stopped: str = ""  # why nothing is compared now
    none: str = ""  # what an empty list of pairs says
    more: str = ""  # the next page
    first: str = ""  # the first one, where this is another


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made of."""

    overview: Overview | Unread
    pairs: Sequence[ListedPair] | Unread
    spending: Spending | Unread
    declared: Mapping[str, Capabilities]
    most: tuple[int, float]  # tokens and US dollars that a day may spend


def compare_view(wanted: WantedPairs, material: Material, share: ShareForm, share_percent: float) -> CompareView:
    overview = material.overview
    read = None if isinstance(overview, Unread) else overview
    harms = harm_rows(read.effects) if read and read.shown else overview if isinstance(overview, Unread) else []
    rows = kind_rows(read, wanted, material.declared) if read else []
    noisy = quiet_harms(read.effects) if read else frozenset()
    pairs = material.pairs if isinstance(material.pairs, Unread) else pair_rows(material.pairs, wanted, noisy)
    last = None if isinstance(material.pairs, Unread) or len(material.pairs) < PAGE else material.pairs[-1].job_id
    folded = wanted.folded
    return CompareView(
        heading=heading(read),
        says=totals(read),
        filters=Filters(wanted, [(name, CLASS_WORDS[name]) for name in CLASSES], [row.text for row in rows]),
        harms=harms,
        kinds=[row for row in rows if not (folded and row.why)],
        by_design=[row for row in rows if folded and row.why],
        pairs=pairs,
        share=share,
        by_size=by_size_text(measured_by_size(), read.shown.one, read.shown.other) if read and read.shown else "",
        stopped=why_stopped(share_percent, material),
        none=why_none(read, wanted) or why_stopped(share_percent, material) or "No pair is like that.",
        more=wanted.address(after=last) if last else "",
        first=wanted.address(after="") if wanted.after else "",
    )


def heading(overview: Overview | None) -> str:
    shown = overview.shown if overview else None
    return f"{shown.other} beside {shown.one}" if shown else "Compare"


def totals(overview: Overview | None) -> str:
    """`640 pairs, 64 between equal runs`."""
    if overview is None or overview.first_pairs is None:
        return "Nothing was compared in this time."
    first = overview.first_pairs
    pairs, equal = first.get("shadow", 0), first.get("noise", 0)
    return f"Pairs of {count_text(pairs)} users, and of {count_text(equal)} between two equal runs. A user counts once."


def rates_of(effects: Sequence[EffectCount], harm: str) -> tuple[Rate, Rate]:
    """Users harmed so by the version in question, and by a version beside itself."""
    known = [one for one in effects if not one.missing]

    def rate(*, noise: bool) -> Rate:
        own = [one for one in known if (one.arm is not None) is noise]
        return Rate(sum(one.users for one in own if harm in one.harms), sum(one.users for one in own))

    return rate(noise=False), rate(noise=True)


def harm_rows(effects: Sequence[EffectCount]) -> list[KindRow]:
    """Each harm, the worst first, with its noise floor."""
    rows = list[KindRow]()
    for harm in HARMS:
        mine, noise = rates_of(effects, harm)
        rows.append(
            KindRow(
                HARM_WORDS[harm],
                count_text(mine.hits),
                count_text(noise.hits),
                is_noise(mine, noise),
            )
        )
    return rows


def is_noise(mine: Rate, noise: Rate) -> bool:
    """Equal runs show it too, and not surely less often. What they never show is no noise, however rare it is."""
    return mine.hits > 0 and noise.hits > 0 and not differ(mine, noise)


def quiet_harms(effects: Sequence[EffectCount]) -> frozenset[str]:
    """Harms that users meet no more often than a version does to itself."""
    rates = {harm: rates_of(effects, harm) for harm in HARMS}
    return frozenset(harm for harm, (mine, noise) in rates.items() if is_noise(mine, noise))


def kind_rows(overview: Overview, wanted: WantedPairs, declared: Mapping[str, Capabilities]) -> list[KindRow]:
    newer = declared.get(overview.shown.other, Capabilities()) if overview.shown else Capabilities()
    first = overview.first_pairs or {}

    def row(kind: Kind) -> KindRow:
        rates = Rate(kind.pairs, first.get("shadow", 0)), Rate(kind.noise_pairs, first.get("noise", 0))
        chosen = wanted.kind == kind.kind
        return KindRow(
            kind.kind, count_text(kind.pairs), count_text(kind.noise_pairs), is_noise(*rates),
            wanted.address(kind="" if chosen else kind.kind, order="new", after=""), chosen,
            newer.why_different(kind.kind.partition(":")[0]) or "",
        )  # fmt: skip

    return [row(kind) for kind in overview.kinds]


def pair_rows(pairs: Sequence[ListedPair], wanted: WantedPairs, quiet: frozenset[str]) -> list[PairRow]:
    return [
        PairRow(
            number=number,
            harms=", ".join(HARM_WORDS.get(harm, harm) for harm in one.harms) or "no harm",
            class_=CLASS_WORDS.get(one.class_, one.class_),
            versions=f"{one.other} beside {one.one}",
            at=one.created_at,
            path=wanted.address(f"/console/compare/{one.job_id}"),
            within_noise=one.class_ not in AGREEING and bool(one.harms) and quiet.issuperset(one.harms),
        )
        for number, one in enumerate(pairs, 1)
    ]


def why_none(overview: Overview | None, wanted: WantedPairs) -> str:
    """What an empty list says where there are pairs, and none of them harms."""
    asked_more = wanted.class_ or wanted.kind or wanted.after
    pairs = overview is not None and overview.effects and not asked_more and wanted.order == "harm"
    return "None of the pairs harms its user. All of them: newest first." if pairs else ""


def why_stopped(share: float, material: Material) -> str:
    """Why no new pairs come, where none do."""
    if share <= 0:
        goal = None if isinstance(material.spending, Unread) else material.spending.goal
        if goal is not None and goal.reached_at is not None:
            return f"Nothing is compared: the goal was reached on {day_text(goal.reached_at)}. {goal.message}"
        return f"Nothing is compared: the share is {percent_text(0)}."
    if isinstance(material.spending, Unread):
        return ""
    tokens, dollars = material.most
    if material.spending.tokens >= tokens or material.spending.cost_usd >= dollars:
        return "The day's budget is spent until 00:00 UTC: what asks a provider is not compared until then."
    return ""
