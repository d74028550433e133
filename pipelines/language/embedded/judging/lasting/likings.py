"""Which likings are of more than this talk: not "tip number 5", "Josh Brolin as Cable", "fun for days"."""

from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_LISTED = alternatives(
    "number tip option idea version suggestion answer response reply second first third both item slide chapter "
    "paragraph point headline title"
)
_PROPOSED = alternatives("option(s) version(s) suggestion(s) answer(s) response(s) code_example(s)")
_ONE_OF_A_LIST = re.compile(rf"^(?:#|n[ro]\.? ?\d|{_LISTED}\b)|\b(?:{_PROPOSED}|number (?:\d+|[a-z]+))$", re.IGNORECASE)
_FOLLOWING = r"(?:watching|listening|following|playing|doing|going)(?: to| up)?"
_NOT_WHAT = alternatives(
    "from_time around at mostly mainly either some more it all too also sometimes here out_on others other in_general"
)
_SAYS_NOT_WHAT = re.compile(
    rf"{_FOLLOWING}(?:$| (?:{_NOT_WHAT}\b|for (?!my\b)|college$|sports? games?$))|reading (?:{_NOT_WHAT}|for)\b",
    re.IGNORECASE,
)
_BEGINS_WITH_HOW_MUCH = alternatives(
    "alot littlebit little_bit once twice three_times pretty mostly mainly at outside_of besides getting_out yes no "
    "yeah ok team slump(s) day_of almost_all stars"
)
_NOTHINGS = word_set(
    "hobbies deals winning plot dialog jokes routine listening serious learning movie day envelopes packages taking "
    "saying living change size price stay help work working outside clinical fight chores dishes laundry great well "
    "fine scratching mturk visiting"
)
_NOTHING_TO_LIKE = frozenset(["sunny day", "smooth ride", "drive thru", "people watch", "odd jobs", "date nights"])
_OF_THEIRS = re.compile(
    r"(?:taking|bringing|getting|having) (?:my|our) \w+$|watching my (?!favou?rite)|visiting (?:my|our|the)\b|"
    r"being (?:in|at) home\b|(?:baking|making|cooking) (?:an?|one|some|the)\b|\d+ |"
    r"reading my literature$|leaving a\b|using \w|(?:opening|buying|creating|starting|building|selling) an?\b|"
    r"giving tasks?\b|\b\w+ (?:\w+ )?\d+ times\b|collecting an amount\b|volunteering for (?:others|"
    r"people)$|well[ -][a-z]+ed [a-z]+$"
)
_SOMEONES = re.compile(r"\b(?:my guts?|someone|like anyone)\b")
_MOODS = alternatives("anxious worried closer impatient weary stronger frustrated concerned stressed nervous old")
_OF_A_WHILE = re.compile(
    rf"(?:growing|getting|becoming|feeling) {_MOODS}\b|growing (?:through|by|together|apart)\b|"
    r"playing (?:\w+ )?(?:team|great|good|horrible|bad|key|major|tricks?|around|with)\b|"
    r"(?:spending|wasting) (?:money|too)\b|running (?:late|out|into|errands|some|tests?|away)\b|"
    r"(?:surfing|travelling|studying|reading|writing|drawing|painting) for\b|studying (?:an?|hard|all|day)\b"
)
_FOR_DAYS_WORDS = alternatives(
    "for_days day_and_night all_night hour(s)_ago minute(s)_ago all_week had_spent spent_all all_month every_day_this"
)
_FOR_DAYS = re.compile(rf"\b{_FOR_DAYS_WORDS}\b|\baddicted to\b|\blet'?s\b", re.IGNORECASE)
_TO_A_LOVE = re.compile(r"\b(?:love|miss|like) (?:u|you|ya)\b|\bmy (?:true |only )?love\b", re.IGNORECASE)
_TOLD_TO = re.compile(r"\W*(?:please |just |go |come )?(?:enjoy|try|learn|learning|watch|read|play)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:i|i'\w+|im|ive|we|we'\w+|my|our|me|myself)\b", re.IGNORECASE)
_LIKE = r"(?:like|love|enjoy|adore|prefer)"
_TITLE_CASE = re.compile(r"[A-Z][a-z]+")
_COMMON_TITLES = word_set(
    "beauty parks big lost frozen friends house heroes arrow flash up cars iron spider super black"
)
_SECOND_VERBS = alternatives(
    "babysit watch explore eat listen play read travel go hang relax chill sleep drink cook sing dance see talk walk "
    "spend learn pay write draw work make do take have be get try look"
)
_AND_DOES = re.compile(rf" and (?:then |also |just )?{_SECOND_VERBS}\b.*$")
_HOW_OFTEN = alternatives(
    "as_a_hobby as_my_hobby as_a_pastime as_a_sport as_exercise for_ever for_years for_pastime for_fun "
    "from_time_to_time "
    "on_my_phone on_the_phone in_my_free_time in_my_spare_time at_certain_times in_my_mobile right_around_playoffs "
    "by_myself at_the_weekend(s) at_weekends on_the_weekend(s) over_the_weekend(s)"
)
_OFTEN = re.compile(rf" {_HOW_OFTEN}$|(?: (?:pretty|very|quite|really|so|too|fairly))? (?:often|frequently|regularly)$")
_LIFELONG = re.compile(r"^(?:life[- ]long|die[- ]hard) ", re.IGNORECASE)
_DISHES = alternatives("food(s) dishes cuisine(s) music film(s) movie(s) restaurant(s) culture art literature cooking")
_NATION = re.compile(rf"(?:{NATIONS}|European|African|Asian|Latin American|Mediterranean|Middle Eastern)")


def as_liked(value: str, sentence: str) -> str:
    """A pursuit without its frequency and the next verb; "Mexican" of "Mexican and Thai food" with its noun."""
    value = _LIFELONG.sub("", _OFTEN.sub("", value).removeprefix("bit "))
    if value.startswith("volunteering work"):
        value = value.replace("volunteering work", "volunteer work", 1)
    if " " in value and value.split(" ", 1)[0].endswith("ing"):
        value = _AND_DOES.sub("", value)
    return _with_its_dish(value, sentence) if _NATION.fullmatch(value) else value


def _with_its_dish(value: str, sentence: str) -> str:
    others = r"(?:,? (?:and |or )?[A-Z]\w+(?: [A-Z]\w+)?)*"
    shared = re.search(rf"\b{re.escape(value)}{others},? (?:and|or) [A-Z]\w+ ({_DISHES})\b", sentence)
    return f"{value} {shared.group(1)}" if shared else value


_BEGINNING = re.compile(rf"{_BEGINS_WITH_HOW_MUCH}\b", re.IGNORECASE)
_NO_LIKINGS = (_ONE_OF_A_LIST, _SAYS_NOT_WHAT, _BEGINNING, _OF_THEIRS, _OF_A_WHILE)


def is_of_this_talk(value: str, sentence: str, rule: str) -> bool:
    """Whether it names one of a list, an occasion, or nothing that can be liked."""
    first, _, more = value.lower().partition(" ")
    if (not more and first in _NOTHINGS) or value.lower() in _NOTHING_TO_LIKE:
        return True
    if any(one.match(value) for one in _NO_LIKINGS) or _ONE_OF_A_LIST.search(value):
        return True
    if _SOMEONES.search(value) or _FOR_DAYS.search(sentence) or _TO_A_LOVE.search(sentence) or _NATION.fullmatch(value):
        return True
    if _is_half_a_title(value, sentence) or (_TOLD_TO.match(sentence) and not _SUBJECT.search(sentence)):
        return True
    if rule == "tastes.like" and (_FOR_WHAT.search(value) or _was_liked_once(value, sentence)):
        return True
    return rule == "pastimes.become" and re.search(r"\bget into\b", sentence) is not None


_FOR_WHAT = re.compile(r" as |^(?![a-z]+ing\b)(?!.*(?:music|songs?|books?|movies?) for).* for [a-z]+$")


_HELPED = re.compile(
    r"\b(?:did|may|might|could|would|i'd|have|i've|has) (?:also |really |kinda |actually |quite )?"
    rf"{_LIKE}e?d?\b",
    re.IGNORECASE,
)


def _was_liked_once(value: str, sentence: str) -> bool:
    """ "I did like the second one", "I may like him": of one occasion, or in doubt."""
    if not _HELPED.search(sentence):
        return False
    own = re.escape(value.partition(" ")[0][:12])
    return re.search(rf"{_HELPED.pattern}[^,.]{{0,20}}?{own}", sentence, re.IGNORECASE) is not None


def _is_half_a_title(value: str, sentence: str) -> bool:
    """ "Beauty" of "Beauty and the Beast", "Parks" of "Parks and Recreation"."""
    named = f", a {value}" in sentence or f", an {value}" in sentence  # most are not, and spare a pattern of their own
    if named and re.search(rf", an? {re.escape(value)}\b", sentence):  # "I like Ana Moss, a pianist"
        return True
    if not _TITLE_CASE.fullmatch(value):
        return False
    if re.search(rf"\b{value} and the [A-Z]|\b[A-Z][a-z]+ and the {value}\b", sentence):
        return True
    word = value.lower()
    followed = re.search(rf"\b{value} (?:and|&) [A-Z]", sentence)
    return followed is not None and (word in _COMMON_TITLES or (word in LEMMAS and LEMMAS[word] != word))
