"""Whether a name, a place or an occupation was said in a frame strong enough to address a person by it."""

from collections.abc import Sequence

from pipelines.language.embedded.frames.identity.person import is_national
from pipelines.language.embedded.frames.occupation.work import ON_DUTY
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, FAMILY, LEMMAS, MONTHS, WEEKDAYS
from pipelines.language.embedded.grammar.places import is_known
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import goes_on
from pipelines.language.embedded.judging.lasting.jobs import is_of_a_thing, is_short_of_a_job
from pipelines.language.embedded.judging.shapes import runs_on
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.work import late_patterns as re

# Frames after which even a word that has another meaning is a name: "my name is Grace", "call me Skip".
_NAMED = re.compile(
    r"\b(?:names?(?:'s| is|:)|(?:nickname|name)\W{1,3}|calls? me|address me|known as|goes? by|named)\b", re.IGNORECASE
)
_GREETINGS = alternatives("hi hey hello hiya yo good_morning good_evening good_afternoon greetings well so ok okay")
_INTRODUCED = r"(?:^|[,.!;:]\s*|\b(?:btw|by the way|myself|there|all|everyone|again|and)\W+)"
_AFTER_NAME = r"(?=\s*(?:$|[.!,;(\u2013-]|and\b|from\b|by the way\b|btw\b|here\b|a\b|an\b|your\b))"
_ORDINARY = word_set(
    "same sorry fine good ok okay sure glad happy sad not new old here there back done ready home tired busy great "
    "excited interested curious nice cool hungry sick bored lost stuck late lucky proud free single alone afraid "
    "aware bad better best big small young tall short right wrong serious kidding vegan vegetarian pregnant married "
    "divorced male female man woman guy girl boy person human student user nobody somebody someone anyone everyone "
    "everybody team gemini virgo taurus leo libra scorpio aries capricorn aquarius pisces cancer sagittarius "
    "republican democrat christian catholic muslim jewish hindu buddhist atheist batman superman a an the my your his "
    "her our their this that these those it he she they we you me him them us one two three what who whom which whose "
    "where when why how yes no maybe please thanks thank hello hi hey bye lol wow oh god lord guys friend friends "
    "everything nothing something anything anonymous unknown crazy stupid dumb old-fashioned paranoid weird cheap "
    "early later tomorrow today tonight yesterday if because and or but so as at by for from in into like of off on "
    "out over to up with available able addicted against all allergic american another australian english british dad "
    "mom mum chatgpt claude gpt siri alexa google name"
)
_WORDS = frozenset(LEMMAS) | ADVERBS | AUXILIARIES | FAMILY
_NATION = re.compile(rf"(?:{NATIONS})$")
_TIME = re.compile(rf"(?:{MONTHS}|{WEEKDAYS})$", re.IGNORECASE)
_JOURNEYS = alternatives(
    "next_time visiting visited visit trip vacation holiday tour hotel airbnb flight layover right_now today tonight "
    "this_week for_a_week for_the_week for_the_weekend for_a_month for_the_summer"
)
_TRAVELLING = re.compile(rf"\b(?:{_JOURNEYS}|travel\w*|(?:when|whenever|if|once) i(?:'m| am))\b", re.IGNORECASE)
_FORMER = re.compile(
    r"\b(?:when|until|before|since) i was\b(?! born)|\bas a (?:kid|child|baby|teenager)\b", re.IGNORECASE
)
_PLACES = alternatives(
    "village town city suburb(s) countryside farm island coast mountains valley outskirts harbor harbour county ranch "
    "reservation base campus dorm(s) houseboat beach lake river sea woods forest border downtown capital"
)
_KINDS_OF_PLACE = re.compile(rf"\b{_PLACES}\b")
_LOOSE_PLACES = alternatives("fact field area industry space past morning evening people team group lot same_place")
_SPANS = alternatives("summer sumer winter spring fall season semester holidays weekend week day night moment year")
_LOOSE_WORK = re.compile(
    rf"works (?:(?:in|with) (?:the|an?|some|my|our) {_LOOSE_PLACES}|(?:in|with) (?:\w+ ){{0,2}}things?\b|"
    rf"at (?:an?|my|the) (?:desk|computer|moment|office|job)|(?:for|in|over|during) the {_SPANS}\b|"
    rf"from home|(?!{ON_DUTY})on\b|with\b|hard|out\b|well\b)",
    re.IGNORECASE,
)
_STUDIED = re.compile(r"studies (.+)", re.IGNORECASE)
_FIELDS = alternatives(
    "accounting anthropology architecture art(s) astronomy astrophysics biochemistry biology biomedicine botany "
    "business chemistry classics communication(s) computer_science computing criminology cybersecurity dance "
    "data_science dentistry design drama ecology economics education engineering english_literature film finance "
    "geography geology history hydrology informatics international_relations journalism law linguistics literature "
    "management marine_biology marketing mathematics maths math mechanics media medicine microbiology music "
    "neuroscience nursing nutrition pharmacy philosophy photography physics physiotherapy physiology "
    "political_science politics psychology public_health robotics sociology software statistics theatre theater "
    "theology tourism veterinary zoology it cs pre-med pre-law social_work law_school"
)
_STUDY = re.compile(rf"(?:\w+ )?{_FIELDS}", re.IGNORECASE)  # "I'm Mechanical Engineering", says a student
_CALLED_BY_SOME = re.compile(r"\b(?:some|few|couple)\b[^.!?]*\bcalls? me\b|\bcalls? me \w+,? but\b", re.IGNORECASE)
_FIELD = re.compile(
    rf"(?:\w+ ){{0,3}}{_FIELDS}\b|(?:at|in) (?:the )?(?-i:[A-Z])|part[- ]time|full[- ]time", re.IGNORECASE
)
_AT_A_SCHOOL = re.compile(
    r"\b(?:at|in) (?:the )?[A-Z]|\b(?:at|in) (?:an? |the )?(?:\w+ )?(?:university|college|school)\b"
)
LONGEST_JOB = 11  # words
_ADVISED = re.compile(
    r"\W*(?:(?:now|then|please|also|next|just|ok|okay|and|so)\W+)*(?:work|teach|study|manage|run|own|sell)\b",
    re.IGNORECASE,
)  # "Work for the council!"
_MACHINES = alternatives("program script software app test command query server machine errand")
_NO_WORK_OF_A_PERSON = re.compile(
    rf"runs (?:an?|the|my|some) (?:\w+ )?{_MACHINES}\b|\w+ (?:year|semester)$|waitlist$|front end \w+$",
    re.IGNORECASE,
)
_STANDINGS = ("official ", "legal ", "real ")
_SCHOOLED = ("high school graduate", "college graduate")
_NOBODYS_WORK = re.compile(
    r"(?:a |the )?(?:team|group|family|couple|crew|unit)|teaches (?:others|classes|people|it)|studies|works|teaches"
)


_PLAYED = alternatives(
    "harry_potter hermione_granger sherlock_holmes tony_stark peter_parker darth_vader jane_doe john_doe"
)
_IS_NO_NAME = re.compile(
    rf"^(?i:mr|mrs|ms|miss|dr|prof|sir)\.?$|\.\.|^[A-Z].* (?!(?:de|van|von|da|al|di|la|del|bin|ibn)\b)[a-z]{{4,}}|"
    rf"^(?i:{_PLAYED})$|"
    r"(?: and| with)$",
)
_RANK = re.compile(
    alternatives(
        "commander captain sergeant colonel major lieutenant admiral doctor doc professor prof sir madam ma'am mister "
        "boss chief coach mistress chef reverend pastor rabbi imam your_majesty your_highness my_lord my_lady"
    ),
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\W*(?:\w+ )?name:|\W*\d\d?:\d\d", re.IGNORECASE)  # of a form, of a transcript


def name_objection(name: str, sentence: str) -> str:
    """Why `name` is not taken for the user's."""
    parts = name.split()
    written = any(character.isdigit() or character in "[]()<>/" for character in name)
    if written or not 1 <= len(parts) <= 4 or _RANK.fullmatch(name) or _is_part_of_a_name(name, sentence):
        return "no name"
    first = parts[0].lower().strip(".")
    if first in _ORDINARY or _NATION.match(parts[0]) or is_national(parts[0]) or _TIME.match(parts[0]):
        return "ordinary word"
    named = _NAMED.search(sentence) is not None
    if not parts[0][0].isupper():
        return "" if named and len(parts) == 1 and first not in _WORDS and "name" in sentence.lower() else "lower case"
    if named:
        return "not by all" if _CALLED_BY_SOME.search(sentence) else ""
    if first in _WORDS or _STUDY.fullmatch(name):
        return "ordinary word"
    return "" if _introduces(name, sentence) else "weak frame"


_SERVING = re.compile(r"\b(?:serving|assisting|helping|serve|assist|help) you\b", re.IGNORECASE)


def _is_part_of_a_name(name: str, sentence: str) -> bool:
    """A title, a label of a form, or what goes on: "Ms", "Name: Ana", "Abdul" of "Abdul-Malik"."""
    played = _IS_NO_NAME.search(name) or _LABELLED.match(sentence) or _SERVING.search(sentence)
    return played is not None or goes_on(name, sentence)


def _introduces(name: str, sentence: str) -> bool:
    """ "I'm Kate.", "Hi, this is Kate", "Kate here, 34": not "I'm Kate's friend", nor "I'm in Kate"."""
    own = re.escape(name)
    said = rf"{_INTRODUCED}(?:i'?m|i am|this is|it's|it is)\s+(?:(?:dr|mr|mrs|ms|prof)\.? )?{own}{_AFTER_NAME}"
    here = rf"^\W*(?:{_GREETINGS}\W+(?:there\W+|all\W+)?)?{own}"
    here += r"(?:\s+here\b(?=\s*(?:$|[.!(\u2013-]|,\s*(?:\d|an?\b|(?:your|the)\b|\w+ (?:from|at|in)\b)))|,\s*\d\d\b)"
    return re.search(said, sentence, re.IGNORECASE) is not None or re.match(here, sentence, re.IGNORECASE) is not None


_ANYWHERE = re.compile(
    r".*\btime ?zone$|"
    r"(?:the )?(?:north|south|east|west|midwest|town|city|country|.*\b(?:territory|world|universe))$|.* in here$",
    re.IGNORECASE,
)
_FOR_A_TIME = alternatives(
    "day(s) night(s) week(s) month hotel hostel airbnb resort until then trip visit when if while"
)
_MIGHT = alternatives("to will would can could should might may want let's please you we'll i'll")
_STAYS = re.compile(  # many say "I stay in Bengaluru" for where they live
    rf"\b(?:staying|stayed)\b|\b{_MIGHT} stay\b|\bstay\b.*\b{_FOR_A_TIME}\b", re.IGNORECASE
)
_WHY_THERE = re.compile(r" (?:to (?=[a-z]+ )|so |because |when |where |until |right now|at the moment|from [A-Z]).*$")


_BEFORE_PLACES = frozenset({"a", "an", "the", "my", "our", "two", "one"})
_NAMED_PLACE = re.compile(r"[A-Z][\w'-]* [A-Z]")  # "New York", "Great Yarmouth", "Big Sur"


def as_place(place: str) -> str:
    """ "Florida to be closer to my mother" as "Florida"."""
    return _WHY_THERE.sub("", place)


def place_objection(place: str, sentence: str, rule: str) -> str:
    """Why `place` is not taken for where the user lives."""
    words = words_of(place)
    if _ANYWHERE.match(place) or (_STAYS.search(sentence) and rule == "home.live"):
        return "no place"
    if not is_known(place) and (unfit := _is_no_place(place, words)):
        return unfit
    return _of_the_past(place, sentence) or _passing(sentence, rule)


def _is_no_place(place: str, words: Sequence[str]) -> str:
    if len(words) > 7 or has_finite_verb(place) or points(place) or "'s " in place:
        return "runs on"
    if (
        _TIME.match(place)
        or re.fullmatch(r"an? [A-Z]\w+", place)
        or (words[0] in _ORDINARY - _BEFORE_PLACES and not _NAMED_PLACE.match(place))
    ):
        return "no place"
    if words[0] == "campus":
        return "of a term"
    if not re.search(r"[A-Z]", place) and not _KINDS_OF_PLACE.search(place):
        return "lower case"
    return ""


def _of_the_past(place: str, sentence: str) -> str:
    """ "I moved to Korea when I was 4"; one of several homes: "I've lived in Leeds, Hull and York"."""
    among = "lived" in sentence and re.search(rf"\blived\b[^.!?]*{re.escape(place)},? and [A-Z]", sentence)
    return "once" if among or _FORMER.search(sentence) else ""


_PLACED = re.compile(
    r"\b(?:(?:based|located|living)\b(?! (?:up)?on\b)|since\b|from \w+ (?:19|20)\d\d\b|"
    r"these days\b|for (?:\w+ )?\w+ (?:years|yrs)\b)",
    re.IGNORECASE,
)


def _passing(sentence: str, rule: str) -> str:
    """ "living out of a suitcase in Rome"; "based on the knowledge of"."""
    travelling = _TRAVELLING.search(sentence) is not None
    if rule == "about.placed" and not _PLACED.search(sentence):
        return "weak frame"
    stays = rule == "about.placed" or (rule == "home.live" and re.search(r"\bstay", sentence))
    return "passing" if stays and travelling else ""


_SELVES = word_set("me us myself ourselves")
_OBJECTLESS = re.compile(r"(?:sells|owns|teaches|runs|manages) (?:in|at|on|for|from|with)\b")
_ROOMS = alternatives("studio office room house home garage garden yard field basement gym store shop")
_UNPLACED = re.compile(rf"works (?:\w+ )?(?:(?:in|at|from) (?:the|my|our) {_ROOMS}|.*\bthere)")
_OF_A_FAMILY = re.compile(r"\bwe (?:\w+ )?own\b", re.IGNORECASE)
_IN_GENERAL = re.compile(
    r"\W*(?:(?:yes|yeah|oh|well|wow|but|and|so)\W+)?(?:working|studying|teaching|being)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'\w+|im|ive|my|me|we|our)\b", re.IGNORECASE)


def _is_general(sentence: str) -> bool:
    """ "Working as a nurse sounds hard", "Working on campus lets you ...": of anybody, often of who is answered."""
    return (
        _IN_GENERAL.match(sentence) is not None
        and _FIRST_PERSON.search(sentence) is None
        and (runs_on(sentence) or has_finite_verb(sentence) or points(sentence) or "not only" in sentence)
    )


def _is_no_work(job: str) -> bool:
    """A place to sit, a time, a standing: "works at a desk", "works for the summer", "legal resident"."""
    if job.startswith(_STANDINGS) or job.endswith(_SCHOOLED):
        return True
    begun, whole = (_LOOSE_WORK, _OBJECTLESS), (_NOBODYS_WORK, _UNPLACED)
    return any(one.match(job) for one in begun) or any(one.fullmatch(job) for one in whole)


def _is_cut_from_a_sentence(job: str, sentence: str) -> bool:
    """ "working as hard as I can"; "designer and they asked me ...", whose beginning stands in the message before."""
    low, said = sentence.lower(), job.lower()
    if f"as {said} as" not in low and f"{said} and " not in low:
        return False
    own = re.escape(job)
    return re.search(rf"\bas {own} as\b|^\W*{own} and (?:they|he|she|it)\b", sentence, re.IGNORECASE) is not None


def _is_weakly_framed(job: str, sentence: str) -> bool:
    """Whether it is of anybody, of this day, or of a family: "we own a bakery"."""
    of_today = job.startswith("works ") and passes(sentence)
    return of_today or _is_general(sentence) or (job.startswith("owns ") and _OF_A_FAMILY.search(sentence) is not None)


def job_objection(job: str, sentence: str, rule: str = "") -> str:
    """Why `job` is not taken for what the user does."""
    words = words_of(job)
    if is_short_of_a_job(job, sentence) or is_of_a_thing(job, sentence, rule):
        return "not what the user does"
    if len(words) > LONGEST_JOB or has_finite_verb(job) or points(job) or runs_on(job) or not _SELVES.isdisjoint(words):
        return "runs on"
    if _is_weakly_framed(job, sentence):
        return "weak frame"
    advised = _ADVISED.match(sentence) and not _FIRST_PERSON.search(sentence)
    if advised or _NO_WORK_OF_A_PERSON.match(job) or _is_no_work(job) or _is_cut_from_a_sentence(job, sentence):
        return "no job"
    studied = _STUDIED.match(job)
    if (
        studied
        and not studied.group(1).startswith("to become")
        and not (_FIELD.match(studied.group(1)) or _AT_A_SCHOOL.search(studied.group(1)))
    ):
        return "a pastime"
    return ""
