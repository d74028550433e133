"""What the user is ill with, said in passing: "my asthma makes it hard", "the doctor put me on warfarin"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.ailments import ILLNESS, ILLNESS_WORDS, MEDICINES
from pipelines.language.embedded.grammar.stating import is_stated
from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words, word_set
from pipelines.work import late_patterns as re

_BODY = alternatives(
    "hand(s) finger(s) wrist(s) knee(s) hip(s) back neck shoulder(s) feet foot ankle(s) spine joints thumb(s) "
    "left_knee right_knee left_hip right_hip lower_back"
)
_THINGS = alternatives(
    "project dataset data app model paper essay research presentation patient(s) class study report assignment blog "
    "website book group clinic article prediction thesis awareness service test campaign client(s) page post story "
    "brain speech detection classification poster startup company"
)
_BAD = r"(?:bad|dodgy|arthritic|gammy|prosthetic) (?:left |right |lower |old )?"
_WEAK = alternatives("knee(s) back hip(s) shoulder(s) ankle(s) wrist(s) leg(s) heart eyesight hearing neck feet")
_OF_MINE_ILL = re.compile(
    rf"\b(?:my (?P<own>{ILLNESS}|{_BAD}{_WEAK})|the (?P<placed>arthritis|osteoarthritis|tendonitis|sciatica) "
    rf"(?P<where>in (?:both )?my {_BODY}))(?![\w'-]| {_THINGS}\b)",
    re.IGNORECASE,
)
_ENDS = alternatives(
    "cure(d) went_away gone_away go_away cleared_up is_gone disappeared got_rid_of grew_out_of grown_out_of healed "
    "reversed in_remission used_to as_a_kid as_a_child as_a_teenager when_i_was my_old no_longer any(_)more"
)
_OVER = re.compile(rf"\b{_ENDS}\b", re.IGNORECASE)
_HEALERS = (
    "doctor doctors doc gp physio physiotherapist consultant neurologist psychiatrist cardiologist rheumatologist "
    "specialist surgeon dermatologist optician hospital nurse endocrinologist"
)
_HEALER = rf"(?:(?:my|the|our|a) )?(?:eye |family )?{alternatives(_HEALERS)}"
_SAYS = (
    r"(?:says|said|say|told me|tells me|confirmed|found|reckons)(?: (?:last|this|in|on) \w+)?(?: that)?:?"
    r"(?: (?:i have|i've got|i've|i got|i do have|it'?s|it is))?(?: an?)?"
)
_TOLD_BY_HEALERS = re.compile(
    rf"\b{_HEALER} (?:{_SAYS}|(?:has |just )?diagnosed me with) (?P<what>{ILLNESS})(?![\w'-])(?! or\b)", re.IGNORECASE
)
_GIVES = r"(?:has )?(?:prescribed|gave|given)(?: me)?"
_PUT_ON = re.compile(
    rf"\b(?:(?:{_HEALER}|he|she|they)(?: has| have|'ve|'s)?(?: just| now| recently)? (?:put|started) me on|"
    rf"(?:i was|i've been|i got)(?: just| recently)? (?:put|started) on|{_HEALER} {_GIVES}|"
    r"i(?: have|'ve|ve| was|'m| am) (?:been )?prescribed)"
    rf" (?P<what>{MEDICINES})(?:,)?(?P<why> for (?:the |my )?{ILLNESS})?(?![\w'-])",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    r"\b(?:stopped|quit|came off|come off|coming off|took me off|taken off|off (?:it|them)|weaned|"
    r"for (?:a|two|three|\d+) (?:days?|weeks?))\b",
    re.IGNORECASE,
)
_BAD_WORDS = frozenset(["bad", "dodgy", "arthritic", "gammy", "prosthetic"])
_HEALER_WORDS = word_set(_HEALERS)
_PUTTING = frozenset(["put", "started", "prescribed", "gave"])
AILING_WORDS = ILLNESS_WORDS | _BAD_WORDS | _PUTTING


def may_ail(words: frozenset[str]) -> bool:
    """Whether a sentence with these words may say what the user is ill with."""
    if not words.isdisjoint(ILLNESS_WORDS):
        return "my" in words or not words.isdisjoint(_HEALER_WORDS)
    if "my" in words and not words.isdisjoint(_BAD_WORDS):
        return True
    if words.isdisjoint(_PUTTING):
        return False
    return "on" in words or "prescribed" in words or not words.isdisjoint(_HEALER_WORDS)


_TO_SAY = first_words("thank tell ask apologize apologise say mention remind convince inform dear imagine")


def ailing(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    """`said` is what a sentence states, `task` its order, if any."""
    if first_word(said) in _TO_SAY:  # "thank her for putting up with my asthma": what a letter shall say
        return
    for found in _OF_MINE_ILL.finditer(said):
        if is_stated(said, found.start(), task) and not _OVER.search(said):
            where = f"{found['placed']} {found['where']}" if found["placed"] else ""
            yield Candidate("life_context", where or found["own"])
    told = _TOLD_BY_HEALERS.search(said)
    if told and is_stated(said, told.start(), task) and not _OVER.search(said):
        yield Candidate("life_context", told["what"])
    put = _PUT_ON.search(said)
    if put and is_stated(said, put.start(), task) and not _STOPPED.search(said):
        why = re.sub(r" for (?:the|my) ", " for ", put["why"] or "", flags=re.IGNORECASE)
        yield Candidate("life_context", f"takes {put['what']}{why}")
