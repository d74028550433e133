"""What is told of a person or an animal of the user's: lasting things, not where they are today."""

from pipelines.language.embedded.frames.life.ailments import is_illness
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, LEMMAS, NEGATIVES, PETS, RELATIONS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_DIED = re.compile(r"(?P<how>died|passed away)\b(?P<rest>.*)", re.IGNORECASE)
_OF_WHAT = re.compile(r"(?: (?:of|from) (?:old age|an? [a-z]+(?: [a-z]+)?|[a-z]+ cancer|cancer|covid))?(?: in \d{4})?")
_STATES = alternatives(
    "vegan vegetarian pescatarian diabetic deaf blind autistic dyslexic disabled pregnant married engaged divorced "
    "retired deployed unemployed adopted bilingual gay trans allergic lactose_intolerant gluten_free coeliac celiac "
    "religious widowed single bipolar epileptic paraplegic on_dialysis in_a_wheelchair muslim christian catholic "
    "jewish hindu buddhist sikh"
)
_WITH = alternatives(
    "in_college in_high_school in_highschool in_university in_medical_school in_law_school in_kindergarten in_school "
    "in_the_military in_the_army in_the_navy in_the_service in_a_wheelchair in_prison in_rehab named called born "
    "diagnosed_with has_diabetes has_autism has_adhd has_asthma has_cancer has_dementia has_an_allergy from "
    "originally_from scared_of afraid_of obsessed_with allergic_to a_big_fan_of a_huge_fan_of"
)
_LASTS = re.compile(
    rf"(?:{_STATES}|{_WITH}|{NATIONS})\b|(?:just )?(?:turned|turns|turning|aged?) (?:\d|[a-z]+(?:teen|ty)?\b)|\d+\b|"
    r"(?:almost |about )?(?:\w+[- ]){1,2}(?:year|month|week)s?[- ]old\b|\w+ years (?:old|cancer free|sober)",
    re.IGNORECASE,
)
_VERBS = alternatives(
    "work(s) live(s) teach teaches study studies speak(s) play(s) run(s) own(s) love(s) hate(s) moved emigrated "
    "immigrated "
    "came start(s)_kindergarten start(s)_school start(s)_college start(s)_university goes_to drive(s) sell(s) "
    "collect(s) "
    "volunteer(s)"
)
_DOES = re.compile(rf"(?:just |also )?{_VERBS} \w", re.IGNORECASE)
_SOMEBODIES = alternatives(
    "survivor teenager teen freshman sophomore junior senior veteran citizen immigrant refugee rescue mix vegan "
    "vegetarian introvert widow widower twin toddler newborn baby smoker alcoholic"
)
_SOMEBODY = re.compile(rf"an? (?:\w+ ){{0,2}}?{_SOMEBODIES}\b", re.IGNORECASE)
_WORDS_OF_TODAY = alternatives(
    "his her their hers theirs earlier today now not very so too_well old_enough a_lot hard late home_from time_to "
    "quite "
    "still way"
)
_OF_TODAY = re.compile(rf"\b{_WORDS_OF_TODAY}\b", re.IGNORECASE)


def of_kin(detail: str) -> str:
    """`detail` as far as it lasts: "died", without "last week"; "" where it is of today."""
    if died := _DIED.match(detail):
        more = _OF_WHAT.fullmatch(died["rest"])
        return detail if more else died["how"].lower()
    if is_illness(detail):
        return detail
    if _OF_TODAY.search(detail):
        return ""
    detail = re.split(r" and (?:wants?|needs?|is|has|loves?|just|now|was|due|then|so|my|i)\b", detail, maxsplit=1)[0]
    if any(one.match(detail) for one in (_LASTS, _DOES, _SOMEBODY)):
        return detail
    return detail if re.match(r"an? ", detail) and [*job(detail)] else ""


_CALLED = word_set("named called and with in from of who at aged or")
_PERSONS = RELATIONS | word_set("girl boy girls boys")
_FREE = AUXILIARIES | ADVERBS | NEGATIVES | RELATIONS
_PRAISES = alternatives(
    "loving amazing wonderful beautiful adorable lovely sweet dear awesome great poor new super_cool cool"
)
_PRAISE = re.compile(rf"{_PRAISES}\s+(?=\w)")


def without_a_tail(value: str) -> str:
    """Up to the person: "kid together" as "kid", "dad KNEW" as "dad", "amazing husband" as "husband"."""
    value = _PRAISE.sub("", value)
    who, colon, said = value.partition(":")
    words = who.split()
    near = max((index for index, word in enumerate(words) if word.lower() in _PERSONS), default=None)
    if near is None or near + 1 >= len(words):
        return value
    after = words[near + 1]
    shouted = after.isupper() and len(after) > 2
    verb = after.lower() in LEMMAS or after.lower() in _FREE | _AFTER_MANY or after.endswith("ing")
    if verb and (shouted or (after[0].islower() and after not in _CALLED)):
        return " ".join(words[: near + 1]) + colon + said
    return value


_LATELY = alternatives("had has just recently also sadly suddenly who")
_LOSSES = "killed murdered shot miss lost losing bury buried"
_LOSING = alternatives(_LOSSES)
# a death is told by one of these
_DEATHS = (
    "died",
    "dies",
    "passed away",
    "passed",
    "past away",
    "dead",
    "put",
    "to sleep",
    *_LOSSES.split(),
)
_GONE = alternatives(
    "ran_away run_away disappeared went_missing past_away got_hit_by got_run_over got_ran_over was_hit_by was_run_over "
    "was_ran_over ran_over run_over in_a_better_place went_to_heaven in_heaven "
    "crossed_the_rainbow crossed_over"
)
_WAS_OLD = r"was (?:so |very |really |already |about )?(?:old\b(?! enough)|\d+ years old)"
_GONE_WORDS = (
    *("away", "disappeared", "missing", "hit by", "run over", "ran over", "better place", " old", "when i was"),
    *("heaven", "rainbow", "crossed", "used to", " was ", " were "),
)
_PRAISE_OF_OLD = alternatives("good best great sweet sweetest gentle loyal loving smart funny lovely beautiful amazing")
_COMPANIONS = alternatives(
    "boy girl dog cat horse friend(s) companion(s) pet(s) buddy buddies inseparable part soul man woman person guy joy "
    "world everything like_family (golden_)retriever labrador poodle terrier corgi beagle dachshund greyhound husky "
    "collie spaniel bulldog pug dalmatian chihuahua mutt german_shepherd pit(_)bull tabby there_for_me there_for_us"
)
_HOW_MUCH = r"(?:(?:always|really|just|truly|also|very|so|such|the|an?|my|our|his|her) )"
_WAS_ONCE = (  # "were friends", "was a good boy", "was so sweet"
    rf"(?:was|were) (?:{_HOW_MUCH}*(?:{_PRAISE_OF_OLD} (?:little |old )?)?{_COMPANIONS}\b|"
    rf"{_HOW_MUCH}+{_PRAISE_OF_OLD}\b(?! (?:at|with|in|to|about|for)\b))"
)
_STILL = re.compile(
    r"\b(?:now|still|any ?more|no longer|until|before|trained|yesterday|today|this (?:morning|week)|last night|"
    r"as a (?:puppy|kitten)|when (?:he|she|it) was|(?:a|my) (?:rescue|stray|birthday|gift))\b",
    re.IGNORECASE,
)
_AS_A_CHILD = re.compile(
    r"\b(?:when|while) (?:i|we) (?:was|were) (?:(?:a |in )?(?:little|young|small|child|kid|boy|girl|teen\w*)|"
    r"kids|children|growing up|\d+)\b",
    re.IGNORECASE,
)


_PASSED = r"passed (?:in (?:19|20)\d\d|last (?:week|month|year|spring|summer|autumn|fall|winter)|na \d{4}|years ago)"


def is_dead(value: str, sentence: str) -> bool:
    """ "My goldfish died": told as living it would be wrong."""
    low = sentence.lower()
    if not any(word in low for word in _DEATHS):
        return False
    who = re.escape(value.partition(":")[0].partition(" (")[0])
    died = rf"\b{who}(?: [A-Z]\w+)? (?:{_LATELY} )*(?:died|dies|passed away|was killed|is dead|got killed|{_PASSED})\b"
    died += rf"|\b{who}\b[^.!?]{{0,60}}\b(?:he|she)(?:'s| has| had)? (?:already )?{_PASSED}\b"
    if is_animal(value):  # "my dog I had for years just passed away"
        died += rf"|\b{who}\b[^.!?]{{0,30}}? to sleep\b"
        died += rf"|\b{who}\b[^.!?]{{0,70}}\b(?:passed away|died|put (?:her |him |it )?down)\b"
    gone = rf"\b{_LOSING} (?:my|our) (?:old |dear )?{who}\b"
    return re.search(f"{died}|{gone}", sentence, re.IGNORECASE) is not None


def is_gone(value: str, sentence: str) -> bool:
    """Whether an animal is no longer there: run over, run away, or of one's childhood."""
    low = sentence.lower()
    if not is_animal(value) or not any(word in low for word in _GONE_WORDS):
        return False
    who = re.escape(value.partition(":")[0].partition(" (")[0])
    gone = rf"\b{who}\b[^.!?,]{{0,50}}?\b(?:{_GONE}|{_WAS_OLD})|\b{_GONE}\b[^.!?]{{0,20}}\b(?:my|our) {who}\b"
    if re.search(gone, sentence, re.IGNORECASE) or _AS_A_CHILD.search(sentence):
        return True
    once = rf"\b{who}(?: and (?:my |our )?[\w-]+)? (?:{_WAS_ONCE}|(?:always |also )?used to\b)"
    return re.search(once, sentence, re.IGNORECASE) is not None and _STILL.search(sentence) is None


def was_praised(value: str, sentence: str) -> bool:
    """ "My brother was such a good man": of one who is no longer there, mostly."""
    who = re.escape(value)
    praised = rf"\b{who} (?:was|were) {_HOW_MUCH}*{_PRAISE_OF_OLD} (?:little |old )?{_COMPANIONS}\b"
    return " was " in sentence and re.search(praised, sentence, re.IGNORECASE) is not None


def is_animal(value: str) -> bool:
    """Whether it names an animal."""
    return not PETS.isdisjoint(value.lower().partition(":")[0].split())


_POSSESSING = re.compile(r" (?P<word>[a-z0-9-]+)")


def lost_an_apostrophe(value: str, sentence: str) -> bool:
    """ "My brothers first game": one brother; a noun or a number follows where a verb would stand."""
    if not value.endswith("s") or value.endswith("ss") or ":" in value:
        return False
    followed = re.search(rf"\b{re.escape(value)} ([A-Za-z0-9-]+)", sentence)
    if not followed:
        return False
    word = followed.group(1)
    free = (
        word in _FREE - RELATIONS or word in LEMMAS or word.endswith(("ed", "ing", "ly")) or word.lower() in _AFTER_MANY
    )
    return word in _NOUNS_TOO or not free


_NOUNS_TOO = word_set("first last best favorite favourite own old new house car room job birthday shoes clothes")
_AFTER_MANY = word_set(
    "and or but so because when while if that who whom which to for of in on at by with from about as than like into "
    "over under after before during through without all each i we you he she they it this these those the a an my our "
    "here there again up out off down back once not yes lol though either instead even since until both are too as"
)
