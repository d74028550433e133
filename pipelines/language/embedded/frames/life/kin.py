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
_LATE = re.compile(rf"late ({_KIN})\b")
_CHILDREN = re.compile(r"((?:two|three|four|five|2|3|4|5) (?:(?:young|little|teenage|grown) )?(?:boys|girls))\b")


def told_at_once(words: str) -> Candidate | None:
    """`words` follow "my" or "our"."""
    if so := _IS_SO.match(words):
        return Candidate("relationship", f"{so[1]}: {so[2]}", so[2])
    if (ill := _IS_ILL.match(words)) and not _OTHERWISE.search(words[:160]):
        told = " ".join(filter(None, ill.groups()[1:]))
        return Candidate("relationship", f"{ill[1]}: {told}", told)
    if late := _LATE.match(words):
        return Candidate("relationship", f"{late[1]}: passed away", "passed away")
    if (housed := _LIVES_WITH_ME.match(words)) and not _OTHERWISE.search(words[:160]):
        return Candidate("life_context", f"lives with {housed[1]}")
    children = _CHILDREN.match(words)
    return Candidate("relationship", children[1]) if children else None
