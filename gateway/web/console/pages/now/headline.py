"""The first two sentences of Now, made of its numbers: they claim no more than those do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from flags.model import Pipeline
from gateway.web.console.pages.now.agreement import Asked, InForce, Measured, Shares, candidates
from gateway.web.console.wording import number_word, percent_text

Tone = Literal["plain", "off", "wrong"]
Verdict = Literal["answered", "open", "harm", "unknown"]
IN_WORDS: Final = {
    1.0: "One user in a hundred gets",
    2.0: "One user in fifty gets",
    5.0: "One user in twenty gets",
    10.0: "One user in ten gets",
    20.0: "One user in five gets",
    25.0: "A quarter of users get",
    50.0: "Half of users get",
    75.0: "Three quarters of users get",
    100.0: "All users get",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """`who`: who gets what. `questions`: how much is known of it."""

    who: str
    questions: str
    tone: Tone


def headline_of(  # noqa: PLR0913 (one parameter a number)
    asked: Asked, force: InForce, measured: Measured, verdicts: Sequence[Verdict], *, wrong: bool, hurts: str = ""
) -> Headline:
    """`wrong`: what is asked for, in force and measured differ for too long; `hurts`: what speaks against a version."""
    who, tone = who_gets_what(asked, force, measured, wrong=wrong)
    return Headline(who, questions_text(asked, verdicts, hurts), tone)


def who_gets_what(asked: Asked, force: InForce, measured: Measured, *, wrong: bool) -> tuple[str, Tone]:
    """Said as a fact only where every process does it, and users got it."""
    shares = asked.shares
    if shares is None:
        return f"What is asked for is not known: everybody gets {asked.base}.", "off"
    if doubt := force_doubt(force, wrong=wrong):
        return (doubt, "wrong") if wrong and force.sign == "differs" else (doubt.format(wanted(asked)), "plain")
    if measured.sign == "differs":
        found = measured_text(measured, asked)
        said = f"Users do not get what is asked for: {found}" if wrong else f"{wanted(asked)}; {found} so far"
        return f"{said}.", "wrong" if wrong else "plain"
    return fact(asked, shares), "plain" if candidates_with_users(shares, asked.base) else "off"


def force_doubt(force: InForce, *, wrong: bool) -> str:
    """Why it is not known to be so in every process; empty where it is. `{}`: what is asked for."""
    late, total = [one for one in force.processes if one.sign == "differs"], len(force.processes)
    if late and wrong:
        return f"{count_of(len(late), total)} {'does' if len(late) == 1 else 'do'} not do what is asked for."
    if late:
        follow = "follows" if len(force.following) == 1 else "follow"
        return f"The dial is moving: {count_of(len(force.following), total)} {follow}."
    if not force.known:
        return "{}; no process says what it does."
    silent = total - len(force.known)
    return f"{{}}; of {count_of(silent, total)} nothing is heard." if silent else ""


def fact(asked: Asked, shares: Shares) -> str:
    """What all processes do."""
    if asked.override is not None:
        return f"Everybody gets {asked.base}: an override holds it."
    found = candidates_with_users(shares, asked.base)
    if not found:
        return f"Everybody gets {asked.base}."
    if len(found) == 1:
        ((version, share),) = found
        said = IN_WORDS.get(round(share, 2), f"{percent_text(share)} of users get")
        return f"{said} {version}."
    parts = [f"{version} {percent_text(share)}" for version, share in (*found, (asked.base, shares[asked.base]))]
    return f"Of all users {', '.join(parts)}."


def wanted(asked: Asked) -> str:
    """What is asked for, without saying that it is so."""
    found = candidates_with_users(asked.shares or {}, asked.base)
    said = ", ".join(f"{percent_text(share)} on {version}" for version, share in found) or f"everybody on {asked.base}"
    return f"Asked for: {said}"


def measured_text(measured: Measured, asked: Asked) -> str:
    """`31.2 % measured on v2 where 25 % is asked for`, of the version that is farthest outside."""
    shares = asked.shares or {}
    out = [one for one in measured.shares if not one.is_chance]
    worst = max(out, key=lambda one: abs(one.percent - shares.get(one.pipeline, 0.0)))
    asked_for = percent_text(shares.get(worst.pipeline, 0.0))
    return f"{percent_text(worst.percent)} measured on {worst.pipeline} where {asked_for} is asked for"


def candidates_with_users(shares: Shares, base: Pipeline) -> list[tuple[Pipeline, float]]:
    """The versions above the base that somebody is to get."""
    return [(version, share) for version, share in candidates(shares, base) if share > 0]


def count_of(some: int, total: int) -> str:
    """`1 of 4 processes`."""
    return f"{some} of {total} {'process' if total == 1 else 'processes'}"


def questions_text(asked: Asked, verdicts: Sequence[Verdict], hurts: str) -> str:
    """How many of the questions are answered."""
    if hurts:
        return hurts
    if not candidates_with_users(asked.shares or {}, asked.base):
        return "While nobody has another version, nothing new is learnt of it."
    answered, still_open = verdicts.count("answered"), sum(one != "answered" for one in verdicts)
    if not verdicts:
        return "Of the questions nothing is known."
    if not still_open:
        return f"All {number_word(answered)} questions are answered."
    are = "is" if still_open == 1 else "are"
    if not answered:
        return f"{number_word(still_open).capitalize()} {questions(still_open)} {are} open."
    said = f"{number_word(answered).capitalize()} {questions(answered)} {'is' if answered == 1 else 'are'} answered"
    return f"{said}, {number_word(still_open)} {are} open."


def questions(count: int) -> str:
    return "question" if count == 1 else "questions"
