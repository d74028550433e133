"""Which messages the engine can read: English, by stop-words and script."""

from pipelines.language.embedded.grammar.words import word_set

_COMMON = word_set(
    "the a an and or but i i'm you he she it we they my your me is are was be been have has had do does did not don't "
    "can can't will would should could to of in on for with from at by about as that this these those what how why "
    "when where who which if so there just like please need want make write give tell explain show use get help code "
    "create list no yes hi hello hey thanks thank ok okay more it's them then than"
)
_FOREIGN = (
    word_set(
        "el la los las que de es en un una por para con mi yo del se le les des et je est une pour "
        "dans qui pas sur avec ce il elle "
        "nous vous mon der die das und ich ist nicht ein eine zu den mit auf für von im wie sie wir "
        "mein het een van ik niet dat zijn "
        "op voor che di il non per sono una mio com não uma os meu eu jag att som är inte det av på "
        "har og jeg til vivo trabajo tengo "
        "bir ve bu için ben nie jest się na w z jak mam ale como más é à ao bin habe wohne arbeite "
        "suis habite lavoro abito moro"
    )
    - _COMMON
)
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SAMPLE = 1200  # characters whose script is looked at


def is_readable(text: str, words: frozenset[str]) -> bool:
    """Whether the rules can read `text`: mostly Latin letters, and English rather than another language."""
    if not text.isascii() and not _mostly_latin(text[:_SAMPLE]):
        return False
    foreign = len(words & _FOREIGN)
    return foreign < 2 or len(words & _COMMON) >= foreign


def _mostly_latin(sample: str) -> bool:
    plain = sample.encode("ascii", "ignore")
    if len(plain.translate(None, _NO_LETTERS)) >= len(sample) - len(plain):
        return True  # as many letters of ASCII as other characters, whatever those are: so nearly all that is read
    letters = [character for character in sample if character.isalpha()]
    return sum(character < "\u0250" for character in letters) * 2 >= len(letters)
