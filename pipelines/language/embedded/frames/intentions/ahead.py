"""Turns of a life that lie ahead: "In autumn I sell the flat", "I sign the lease in September", "taking a year off".

English says them in the present, as it says habits ("in summer I swim"): without "will" only what is done once is read.
"""

from collections.abc import Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.lexicon import LEMMAS, MONTHS, SEASONS
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.stating import is_stated, task_of
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

CALENDAR_WORDS = word_set(
    "january february march april may june july august september october november december jan feb apr jun jul aug sep "
    "sept oct nov dec spring summer autumn fall winter easter christmas ramadan thanksgiving year month term semester "
    "vacation holidays off days"
) | {str(year) for year in range(2020, 2040)}
_DAY = (
    rf"(?:on |by )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTHS}\b(?:,? \d{{4}}| next year)?|"
    rf"(?:on |by ){MONTHS} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
)
_WHEN = (
    rf"(?:{_DAY}|(?:in|from|at|by|next|this coming) (?:the )?(?:early |late |mid-? ?|new )?"
    rf"(?:{MONTHS}|{SEASONS}|year)\b(?: \d{{4}}| next year)?|"
    r"next (?:month|vacation|holidays|term|semester)\b|in 20[23]\d\b)"
)
_SETTLED = r"(?:it(?:'s| is) (?:now |all |finally )?(?:decided|settled|official|final|agreed)\s?[:,]? (?:that )?)"
_LEADS = alternatives("and so but also yes yeah ok okay well then now after and_after and_then finally i_think")
_LEAD = rf"\s*(?:{_LEADS},? ){{0,2}}(?P<settled>{_SETTLED})?"
_JOINT = r"(?:(?:me and )?(?:my|our) [a-z]+(?: (?-i:[A-Z])\w+)?(?: and (?=i\b)|,? (?=we\b)))?"
_HELPER = r"(?P<helper>'ll| will| shall|'m| am|'re| are|m|re)? (?:going to |gonna )?(?:just |then |finally |also )?"
_FRONTED = re.compile(
    rf"{_LEAD}(?P<when>{_WHEN}),? (?P<who>i|we){_HELPER}(?P<act>[a-z]+\b[^.;:!?()\x01]{{0,120}})", re.IGNORECASE
)
_TRAILED = re.compile(
    rf"(?:^|(?<=[,;.] )|(?<= and )|(?<= but )|(?<= so )){_LEAD}{_JOINT}(?P<who>i|we){_HELPER}"
    rf"(?P<act>[a-z]+\b[^.;:!?()\x01]{{0,80}}? (?P<when>{_WHEN})[^.;:!?()\x01]{{0,40}})",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"{_LEAD}(?P<act>[a-z]+ing\b[^.;:!?()\x01]{{0,80}}? (?P<when>{_WHEN})[^.;:!?()\x01]{{0,50}})", re.IGNORECASE
)
_OFF = re.compile(
    rf"{_LEAD}(?:(?:i|we)(?:'m|'re| am| are|m|re|'ll| will) )?(?:going to |gonna )?(?P<act>tak(?:e|ing) (?:an?|\w+) "
    r"(?:whole |full |gap )?(?:years?|months|semester) (?:off|out)\b[^.;:!?()\x01]{0,60})",
    re.IGNORECASE,
)
_HOURS = re.compile(
    rf"{_LEAD}(?:i)(?:'m| am|m) (?P<act>(?:stepping|going|dropping|cutting|scaling|moving) (?:back |down )?to"
    r"(?: \w+ days\b(?! of\b)(?: a week)?| part[- ]time| half[- ]time| \d{2} ?(?:%|percent|hours))"
    r"[^.;:!?()\x01]{0,40})",
    re.IGNORECASE,
)
_ESTATES = alternatives(
    "flat house home apartment farm boat car van business shop land herd bakery cabin cottage company restaurant "
    "practice truck caravan plot place camp bungalow condo motorbike"
)
_COURSES = alternatives(
    "job phd doctorate studies course degree master's masters apprenticeship training school university college uni "
    "residency internship postdoc programme program contract business shop company thesis army navy firm treatment "
    "chemo chemotherapy radiotherapy fellowship traineeship lehre ausbildung a-levels notice maternity_leave "
    "paternity_leave work medication"
)
_EXAMS = alternatives(
    "exam(s) test boards ielts toefl delf dele dalf jlpt hsk testdaf mcat lsat gre gmat cfa a-levels gcses finals bar"
)
_SHOPS = alternatives("shop caf\u00e9 cafe restaurant studio practice bakery clinic salon store gallery bar school")
_CARE = alternatives("surgery operation transplant baby twins biopsy keys citizenship passport implant cataract(s)")
_OF = r"(?:(?:my|our|the|a|an|his|her|their)\s)?(?:[\w'-]+ ){0,2}?"
_IT_ALONE = r"(?! (?:students|patients|results|calls))"  # "in summer we get surgery students"
_TURN = re.compile(
    rf"(?:(?:sell|buy|rent out|build|rebuild|renovate) {_OF}{_ESTATES}\b|"
    r"marry (?!in\b)\w|get (?:married|engaged|divorced)\b|"
    r"move (?:(?:back|over|out|home|in) )?(?:to|into|in with|from) \w|move (?:out|house|home|back|abroad)\b|"
    rf"(?:start|begin|finish|complete|leave|quit|end|resume) (?!to\b){_OF}{_COURSES}\b|"
    r"(?:start|begin) (?:at|as|with) (?!home)\w|"
    rf"sign {_OF}(?:lease|contract|papers|mortgage|deed)\b|(?:take|sit|write|do) {_OF}{_OF}{_EXAMS}\b|"
    r"take over \w|hand (?:over \w|in (?:my )?notice\b)|give (?:my |in my )?notice\b|retire\b|graduate\b|emigrate\b|"
    rf"defend {_OF}(?:thesis|phd|dissertation)\b|go back (?:to )?{_COURSES}\b|become (?!\d)\w|open {_OF}{_SHOPS}\b|"
    rf"close (?:down )?{_OF}{_SHOPS}\b|(?:have|get) {_OF}{_CARE}\b{_IT_ALONE}|stop working\b|adopt \w|"
    rf"walk the (?-i:[A-Z])|(?:save|put money together)(?: up)? (?:to buy|for) {_OF}{_ESTATES}\b|go freelance\b)",
    re.IGNORECASE,
)
_HABITS = alternatives("every usually always often normally each typically used_to if when unless would sometimes")
_HABIT = re.compile(rf"\b{_HABITS}\b|\bat \d{{1,2}}(?: ?[ap]m| on|:)", re.IGNORECASE)
_JUDGED = re.compile(r"\b(?:is|are|was|were|would|sounds|seems|feels|can)\b", re.IGNORECASE)
_FROM_THEN = re.compile(r"from (?!.*\b(?:to|until|till)\b)", re.IGNORECASE)
_NO_VERBS = alternatives(
    "have had was were am are been do don't did would could might may can can't could must should mean think know "
    "believe guess hope like love want need see feel never not probably maybe let"
)
_NO_VERB = re.compile(rf"(?:{_NO_VERBS}|be(?! (?:closed|away|based|living|working)\b))\b", re.IGNORECASE)
_WILL = frozenset(["'ll", "will", "shall"])


def ahead(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """`text` is what a sentence states."""
    found = _FRONTED.match(text) or _TRAILED.search(text)
    if found and not _HABIT.search(text) and is_stated(text, found.start(), task_of(text, words)):
        turn = [*_turn(found, found["helper"] or "", found["when"])]
        yield from turn
        if turn:
            return
    bare = _BARE.match(text) if "ing" in text[:40] else None
    if bare and _TURN.match(_base(bare["act"])) and not _JUDGED.search(text):
        yield _told(bare, bare["when"])
    elif (free := _OFF.match(text)) or (free := _HOURS.match(text)):
        yield _told(free, "")


def _turn(found: "re.Match[str]", helper: str, when: str) -> Iterator[Candidate]:
    act, helper = found["act"], helper.strip().lower()
    base = _base(act)
    changes = _TURN.match(base) is not None
    first = act.partition(" ")[0]
    going = first.lower().endswith("ing")
    if helper in {"'m", "am", "'re", "are", "m", "re"}:
        told = going and changes
    else:
        plain = base == f"{first.lower()} {act.partition(' ')[2]}" and _NO_VERB.match(act) is None
        told = plain and (changes or helper in _WILL or _from_then_on(found, when))
    if told:
        yield _told(found, when)


def _from_then_on(found: "re.Match[str]", when: str) -> bool:
    """ "From September I work four days a week": a habit that begins then."""
    return found.start("when") < found.start("act") and _FROM_THEN.match(when) is not None


def _base(act: str) -> str:
    """The act with its verb as a dictionary has it: "take the exam" of "taking the exam"."""
    verb, _, rest = act.partition(" ")
    return f"{LEMMAS.get(verb.lower(), verb.lower().removesuffix('ing'))} {rest}"


_ASIDE = re.compile(r", (?=(?:need|want|can|could|please|so|any|what|how|give|help|five|ten|just|where|which)\b)")
_LONG = 12  # words


def _told(found: "re.Match[str]", when: str) -> Candidate:
    what = _ASIDE.split(statement(found.string[found.start("act") :], 16), maxsplit=1)[0].removeprefix("be ")
    if len(what.split()) > _LONG:
        what = what.partition(",")[0]
    whole = what if not when or when.lower() in what.lower() else f"{what} {when[0].lower()}{when[1:]}"
    category: Category = "decision" if found["settled"] else "commitment"
    return Candidate(category, whole, when)
