"""Which messages the engine can read: English, by stop-words and script."""

import re

_COMMON = frozenset(
    "the a an and or but i i'm you he she it we they my your me is are was be been have has had do does did not don't can can't "
    "will would should could to of in on for with from at by about as that this these those what how why when where who which if "
    "so there just like please need want make write give tell explain show use get help code create list no yes hi hello hey thanks "
    "thank ok okay more it's them then than".split()
)
_FOREIGN = frozenset(
    "el la los las que de es en un una por para con mi yo no del se le les des et je est une pour dans qui pas sur avec ce il elle "
    "nous vous mon der die das und ich ist nicht ein eine zu den mit auf für von im wie sie wir mein het een en van ik niet dat "
    "zijn op voor che di il non per sono una mi mio com não uma os meu eu para och jag att som är inte det av på har og jeg til "
    "bir ve bu için ben nie jest się na to w z jak mam bo ale ma".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SAMPLE = 1200


def is_readable(text: str) -> bool:
    """Whether the rules can read `text`: mostly Latin letters, and English rather than another language."""
    sample = text[:_SAMPLE]
    if not _mostly_latin(sample):
        return False
    words = _WORD.findall(sample.lower().replace("’", "'"))
    if len(words) < 4:
        return True
    english = sum(word in _COMMON for word in words)
    foreign = sum(word in _FOREIGN and word not in _COMMON for word in words)
    return english >= foreign or foreign < 2


def _mostly_latin(sample: str) -> bool:
    if sample.isascii():
        return True
    letters = sum(1 for character in sample if character.isalpha())
    latin = sum(1 for character in sample if character.isalpha() and character < "\u0250")
    return letters == 0 or latin * 2 >= letters
