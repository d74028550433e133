"""Open frame of "I have ...", by shape: "bad knees", "a joint account", "had a stroke in 2020"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, vague
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import RELATIONS
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives

_HAD_EVENTS = alternatives(
    "stroke heart_attack surgery operation miscarriage(s) transplant c-section bypass accident hysterectomy baby "
    "twins son daughter covid cancer concussion hip_replacement knee_replacement appendix tonsils breakdown"
)
_HAD = re.compile(rf"(?:\w+ )?(?:an? |my |two |three |\d+ )?(?:[\w-]+ )?(?:{_HAD_EVENTS}|chemo\w*)\b", re.IGNORECASE)
_HAVE_STARTS = alternatives(
    "a(n) two three four five six seven eight nine ten several many some my_own our_own both no bad poor severe mild "
    "chronic curly long short straight thick thin blue brown green red dual joint full high low back weak sensitive "
    "dry oily type stage citizenship experience asthma about around over only just savings debt(s) perfect limited "
    "little"
)
_HAVE = re.compile(rf"(?:(?:{_HAVE_STARTS}|\d+|[$£€]?\d+\S*|hypermobil\w*)\b)\s?\S*", re.IGNORECASE)
_EMPTY_ADJECTIVES = alternatives(
    "very really quick simple small big weird strange similar new following major single long short different good "
    "great bad hard vague general basic specific couple bunch few more other another lot budget up-and-coming"
)
_EMPTY_NOUNS = alternatives(
    "question(s) problem(s) issue(s) doubt(s) idea(s) feeling hunch look friend(s) colleague(s) client(s) customer(s) "
    "student(s) employee(s) user(s) choice(s) request favo(u)r point time chance go try bad_day day conversation "
    "argument discussion chat talk dream coin(s) apple(s) marble(s) ball(s) dice cards variable(s) sample(s) data "
    "people person man woman guy nice_day nice_one sense clue hope lot(s) few bit trouble fun meeting(s) been had to "
    "never already seen heard read tried made got"
)
_HAVE_NOT = re.compile(
    rf"(?:an?|two|three|\d+|several|many|some|no)?\s*(?:{_EMPTY_ADJECTIVES}\s+)*(?:of\s+)?"
    rf"(?:{_EMPTY_NOUNS}|(?:video |phone )?calls?)\b",
    re.IGNORECASE,
)


def having(clause: Clause) -> Iterator[Candidate]:
    """I've got a Pixel 7; I have bad knees; we have a joint account; I had a stroke in 2020."""
    if clause.unreal or clause.used_to or clause.modal:
        return
    rest = re.sub(r"^\s*got\b\s*", "", clause.rest).strip()
    if clause.past or clause.form == "had":
        if _HAD.match(rest) and not clause.negated:
            yield Candidate("life_context", f"had {statement(rest, 9)}")
        return
    what = statement(rest, 11)
    if (
        clause.negated
        or vague(what)
        or about_the_task(re.split(r"\swith\s", what, maxsplit=1)[0])
        or _HAVE_NOT.match(rest)
        or clause.progressive
    ):
        return
    if _HAVE.match(rest) and len(what.split()) > 1:
        kin = not RELATIONS.isdisjoint(word.strip(",.").lower() for word in what.split()[:5])
        yield Candidate("relationship" if kin else "life_context", f"has {re.sub(r'^an? ', '', noun_phrase(rest, 11))}")


def got(clause: Clause) -> Iterator[Candidate]:
    """I've got a Pixel 7."""
    if clause.perfect and clause.form == "got" and not clause.was:
        yield from having(clause._replace(lemma="have", form="have", perfect=False))
