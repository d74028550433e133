"""Comparisons on a terminal: the report's tables, and a pair in two columns with its differences marked."""

import difflib
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from gateway.cli.output import console, print_fields, print_table, say
from gateway.config.moments import EVER
from gateway.shadow.compare.model import AGREEING, Effects, FieldVerdict
from gateway.shadow.report.by_size import by_size_text, measured_by_size
from gateway.shadow.report.harms import HarmReport
from gateway.shadow.report.queries import ShownPair
from gateway.shadow.report.report import Cost, Report, ReportRow, against
from gateway.shadow.report.statistics import share_text
from gateway.statistics.confidence import Interval, Rate

NOTHING = "-"


def print_report(report: Report) -> None:
    """The whole report; tables that would be empty are left out."""
    print_heading(report)
    print_harms(report.harm)
    if report.overall.rate.pairs or report.overall.noise.pairs:
        print_lines("Users by the class of their first pair", [report.overall, *report.classes])
        print_lines("Fields that decide", [line for line in report.fields if line.decides])
        print_lines("Fields that are only shown", [line for line in report.fields if not line.decides])
    if report.kinds:
        rows = [(kind.pairs, kind.noise_pairs, kind.kind, kind.example) for kind in report.kinds]
        table("Kinds of difference, the most frequent first", ("pairs", "noise", "kind", "for example"), rows)
    if report.costs:
        columns = ("pipeline", "runs", "median s", "CPU s", "tokens", "US dollars")
        table("What runs took, all as comparisons", columns, map(cost_row, report.costs))
    if report.judgements:
        table("Whose text a judge prefers", ("text", "pairs"), sorted(report.judgements.items()))
    if report.outcomes:
        ended = [(mode, how, count) for mode, counts in report.outcomes.items() for how, count in counts.items()]
        table("How planned comparisons ended", ("mode", "outcome", "count"), ended)


def print_heading(report: Report) -> None:
    """What it says in one sentence, about which versions, and since when."""
    say(report.harm.headline)
    say(report.answer)
    if report.shown is not None and (by_size := by_size_text(measured_by_size(), report.shown.one, report.shown.other)):
        say(by_size)
    if len(report.compared) > 1:
        say("compared, the latest first: " + ", ".join(f"{against(pair)} {pair.pairs:,}" for pair in report.compared))
    if report.goal is not None:
        say(report.goal.message or f"sampling until harm is known to be at most {report.goal.precision:.1%}")
    if report.since != EVER:
        end = "" if report.until is None else f" until {report.until:%Y-%m-%d %H:%M}"
        say(f"since {report.since:%Y-%m-%d %H:%M}{end} UTC")


def print_harms(harm: HarmReport) -> None:
    """Harms by name and by size of the export; users count once."""
    if not (harm.harmed.users.known.pairs or harm.harmed.users.missing):
        return
    named = [("any harm", harm.harmed), *harm.by_harm.items()]
    rows = [(name, share_text(one.users, one.interval)) for name, one in named]
    rows += [(f"{version} with itself", share_text(one.users, one.interval)) for version, one in harm.itself.items()]
    rows.append(("all pairs, a user's later ones too", f"{harm.pairs.hits:,} of {harm.pairs.pairs:,} harm"))
    table("Harmed users", ("", "share of users, interval with missing ones at best and at worst"), rows)
    sizes = [
        (
            one.size,
            share_text(one.harmed.users, one.harmed.interval),
            rate_text(one.differ, one.differ_interval),
            one.says,
        )
        for one in harm.by_size
    ]
    table("By size of the export", ("", "harmed", "differ", ""), sizes)


def print_lines(title: str, lines: list[ReportRow]) -> None:
    if lines:
        table(title, ("", "differ", "noise", "difference in points", ""), map(line_row, lines))


def table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    say("")
    print_table(columns, list(rows), title=title)


def line_row(line: ReportRow) -> tuple[str, ...]:
    low, high = line.difference.low * 100, line.difference.high * 100
    return (
        line.name,
        rate_text(line.rate, line.interval),
        rate_text(line.noise, line.noise_interval),
        f"{low:+.1f} to {high:+.1f}",
        "; ".join(filter(None, ["beyond noise" if line.beyond_noise else "", line.expected and f"({line.expected})"])),
    )


def rate_text(rate: Rate, interval: Interval) -> str:
    """ "12.0 % (10.1-14.3) of 1,200"."""
    if not rate.pairs:
        return NOTHING
    return f"{rate.mean * 100:.1f} % ({interval.low * 100:.1f}-{interval.high * 100:.1f}) of {rate.pairs:,}"


def cost_row(cost: Cost) -> tuple[object, ...]:
    interval = cost.seconds_interval
    seconds = f"{cost.seconds:.2f}" + ("" if interval is None else f" ({interval.low:.2f}-{interval.high:.2f})")
    return (
        cost.pipeline,
        f"{cost.runs:,}",
        seconds,
        f"{cost.cpu_seconds:.2f}",
        f"{cost.tokens:,.0f}",
        f"{cost.cost_usd:.4f}",
    )


def print_pair(pair: ShownPair, *, everything: bool = False) -> None:
    """Both sides; by default only what differs."""
    comparison = pair.comparison
    print_fields(
        {
            "pair": pair.job_id,
            "user": pair.user_id,
            "known": pair.one + (" (served the user)" if (pair.primary_side, pair.one) == ("one", pair.served) else ""),
            "in question": pair.other + (" (served the user)" if pair.primary_side == "other" else ""),
            "class": comparison.class_,
            "score": f"{comparison.score:.3f}",
            "judged better": pair.judgement,
            "note": printable(comparison.note),
        }
    )
    print_effects(comparison.effects)
    print_texts(pair)
    fields = [field for field in comparison.fields if everything or field.verdict not in AGREEING]
    if fields:
        print_sides(pair, fields)
    print_facts(pair)


def print_effects(effects: Effects | None) -> None:
    """Harms, then gains, each with where and what; style and what was declared only by where."""
    if effects is None:
        say("compared before harms were judged")
        return
    say("harms:" if effects.harms else "harms: none")
    for harm in effects.harms:
        say(f"  ! {harm.effect}  {harm.where}  {printable(harm.words)}")
    for gain in effects.gains:
        say(f"  + {gain.effect}  {gain.where}  {printable(gain.words)}")
    for what, findings in (("other words", effects.style), ("declared", effects.expected)):
        if findings:
            say(f"{what}: {', '.join(sorted({finding.where for finding in findings}))}")
    if not effects.held_against_export:
        say("not held against the export: whether it speaks of this user was not looked up")


def print_texts(pair: ShownPair) -> None:
    """The two texts side by side, the words that only one of them has marked: those in question left are lost."""
    one, other = pair.comparison.texts
    if not (one or other):
        return
    screen = console()
    sides = Table(pair.one, pair.other, header_style="bold", title="The texts: only one has what is marked")
    sides.add_row(*marked(one, other, plain=not screen.is_terminal))
    screen.print(sides)


def print_sides(pair: ShownPair, fields: list[FieldVerdict]) -> None:
    screen = console()
    sides = Table("field", "verdict", pair.one, pair.other, show_lines=True, header_style="bold")
    for field in fields:
        one, other = marked(field.one, field.other, plain=not screen.is_terminal)
        verdict = field.verdict if field.weight else f"({field.verdict})"
        sides.add_row(field.field, verdict, one, other)
    screen.print(sides)


def print_facts(pair: ShownPair) -> None:
    facts = pair.comparison.facts
    say(f"facts: {facts.both} in both ({facts.near} in other words), {facts.only_one} only {pair.one}, "
        f"{facts.only_other} only {pair.other}, {facts.contradicting} contradicting")  # fmt: skip
    for sign, name, samples in (("-", pair.one, facts.samples_only_one), ("+", pair.other, facts.samples_only_other)):
        for sample in samples:
            say(f"  {sign} {printable(sample)}  (only {name})")
    for both in facts.samples_contradicting:
        say(f"  ! {both.category}: {printable(both.one)} / {printable(both.other)}")


def marked(one: str, other: str, *, plain: bool) -> tuple[Text, Text]:
    """Two texts, with the words that only one of them has in colour, or in brackets where there is none."""
    left, right = printable(one).split(), printable(other).split()
    texts = Text(), Text()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for text, words, style in ((texts[0], left[a:b], "bold red"), (texts[1], right[c:d], "bold green")):
            if words and kind == "equal":
                text.append(" ".join(words) + " ")
            elif words:
                said = " ".join(words)
                text.append(f"[{said}] " if plain else f"{said} ", style)
    return texts


def printable(text: str) -> str:
    """Users' words without anything that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)
