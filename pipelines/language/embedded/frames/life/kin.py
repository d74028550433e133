"""What two or three words after "my" tell of one's kin: "late husband", "two boys", "son's autistic"."""

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.ailments import KINS_ILLNESS
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_KIN = alternatives(
    "husband wife partner girlfriend boyfriend mother father mum mom dad son daughter brother sister grandmother "
    "grandfather grandma grandpa granny grandad granddad gran nan nana hubby fiance fiancee uncle aunt auntie nephew "
    "niece cousin grandson granddaughter mother-in-law father-in-law flatmate"
)
_STATES = alternatives(
    "vegan vegetarian coeliac celiac diabetic pregnant deaf autistic dyslexic lactose_intolerant blind bipolar "
    "epileptic paraplegic on_dialysis in_a_wheelchair"
)
_WHO = (
    r"((?:(?:older|younger|little|big|elder|eldest|oldest|youngest|twin|middle) )?"
    rf"{_KIN})(?: who|,? who|[,.;]? (?:he|she)(?= has| is|'s|s got))?"
)
_IS_SO = re.compile(rf"{_WHO}(?:'s| is)(?: also| back| now| completely| profoundly)? ({_STATES})\b")
_HAS = (
    r"(?:'?s got|'s| has got| has| also has| suffers from| is living with| was (?:just |recently )?(diagnosed with)|"
    r" (?:has|'s) (?:just |recently )?been (diagnosed with)| (?:just )?got (diagnosed with))"
)
_IS_ILL = re.compile(rf"{_WHO}{_HAS}(?: an?(?= (?:mild|severe)))? ({KINS_ILLNESS})(?![\w'-])", re.IGNORECASE)
_ENDS = alternatives(
    "died dies passed dead lost_him lost_her funeral beat_it beat_cancer free survived survivor remission recovered "
    "had_it years_ago research cells risk office word excel paint teams attack(s)"
)
_OTHERWISE = re.compile(rf"\b{_ENDS}\b", re.IGNORECASE)
_LIVES_WITH_ME = re.compile(
    rf"{_WHO},?(?: (?:still|also|now|has|just|recently|is|and)){{0,2}} (?:lives?|living|moved in) with (?:me|us)\b"
)
_BEFORE = alternatives(
    "autistic deaf blind diabetic dyslexic disabled epileptic vegan vegetarian coeliac celiac bipolar"
)
_SO_IS = re.compile(rf"({_BEFORE}) ({_KIN})\b(?!['-])", re.IGNORECASE)
_THEN = alternatives("who is has wants want says said thinks keeps sends just told asked calls called visits")
_DOING = alternatives(
    "loves likes is has wants won't wont can't cant sleeps cries plays eats refuses doesn't "
    "just keeps and who hates needs asks will gets got starts"
)
_NOWHERE = alternatives(
    "Christ Law God January February March April May June July August September October November December"
)
_ELSEWHERE = re.compile(
    rf"({_KIN}) (?:over |up |down |out |back )?in (?!{_NOWHERE}\b)([A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    rf"(?=,| {_THEN}\b)"
)
_OLD = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]?(?:years?|yrs?|months?)[- ]olds?"
_CHILD_OF = re.compile(
    rf"({_OLD}|\d{{1,2}} ?yo)(?=\W*$|[,.;!)]| "
    rf"{_DOING}\b)",
    re.IGNORECASE,
)
_LATE = re.compile(rf"late ({_KIN})\b")
_CHILDREN = re.compile(r"((?:two|three|four|five|2|3|4|5) (?:(?:young|little|teenage|grown) )?(?:boys|girls))\b")


def told_at_once(words: str) -> Candidate | None:
    """`words` follow "my" or "our"."""
    return _in_a_state(words) or _somewhere(words) or _as_a_child(words)


def _in_a_state(words: str) -> Candidate | None:
    """ "Son's autistic", "mum has dementia", "late husband", "autistic son"."""
    if so := _IS_SO.match(words):
        return _told(so[1], so[2])
    if (ill := _IS_ILL.match(words)) and not _OTHERWISE.search(words[:160]):
        return _told(ill[1], " ".join(filter(None, ill.groups()[1:])))
    if late := _LATE.match(words):
        return _told(late[1], "passed away")
    so_is = _SO_IS.match(words)
    return _told(so_is[2], so_is[1]) if so_is else None


def _told(who: str, what: str) -> Candidate:
    return Candidate("relationship", f"{who}: {what}", what)


def _somewhere(words: str) -> Candidate | None:
    """ "Daughter in Launceston wants ...", "mother lives with us"."""
    if elsewhere := _ELSEWHERE.match(words):
        return _told(elsewhere[1], f"lives in {elsewhere[2]}")
    if (housed := _LIVES_WITH_ME.match(words)) and not _OTHERWISE.search(words[:160]):
        return Candidate("life_context", f"lives with {housed[1]}")
    return None


def _as_a_child(words: str) -> Candidate | None:
    """ "Two boys", "9 year old loves horses"."""
    found = _CHILDREN.match(words) or _CHILD_OF.match(words)
    return Candidate("relationship", found[1]) if found else None
