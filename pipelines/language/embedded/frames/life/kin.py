"""What two or three words after "my" tell of one's kin: "late husband", "two boys", "son's autistic"."""

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_KIN = alternatives(
    "husband wife partner girlfriend boyfriend mother father mum mom dad son daughter brother sister grandmother "
    "grandfather flatmate"
)
_STATES = alternatives("vegan vegetarian coeliac celiac diabetic pregnant deaf autistic dyslexic lactose_intolerant")
_IS_SO = re.compile(rf"({_KIN})['\u2019]s (?:also )?({_STATES})\b")
_LATE = re.compile(rf"late ({_KIN})\b")
_CHILDREN = re.compile(r"((?:two|three|four|five|2|3|4|5) (?:(?:young|little|teenage|grown) )?(?:boys|girls))\b")


def told_at_once(words: str) -> Candidate | None:
    """`words` follow "my" or "our"."""
    if so := _IS_SO.match(words):
        return Candidate("relationship", f"{so[1]}: {so[2]}", so[2])
    if late := _LATE.match(words):
        return Candidate("relationship", f"{late[1]}: passed away", "passed away")
    children = _CHILDREN.match(words)
    return Candidate("relationship", children[1]) if children else None
