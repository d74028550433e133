"""Which circumstances of a life last, and how they are told: "a lot of anxiety at work" as "anxiety"."""

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_AILMENTS = alternatives("anxiety depression stress insomnia panic social adhd ocd ptsd")
_AMOUNTS = alternatives("lot bit little ton touch alot lots great_deal")
_DEGREES = alternatives("some so_much much increased more really very bad extreme terrible trouble_with")
_HOW_MUCH = re.compile(
    rf"^(?:quite )?(?:an? )?{_AMOUNTS} of (?=\w)|^{_DEGREES} (?={_AILMENTS}\b)",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(
    r"(?:(?<=anxiety)|(?<=depression)|(?<=insomnia)) (?:at|over|about|for|due|on|in) (?!disorder).*$|"
    r"(?<=\w) for (?:over |about |almost |nearly |the past |the last )?(?:\d+|\w+) (?:few )?(?:years?|months?|weeks?)$|"
    r"(?<=on a diet) (?:together|\d+ \w+)$|(?<=single) yet$| (?:all|most of) my life$",
    re.IGNORECASE,
)
_WED = re.compile(
    r"^(got (?:married|engaged|divorced)|married|engaged|divorced)\b(?! (?:to|from|with|in (?:\d|[A-Z])|on \d)\b).*$"
)
_WITHOUT_ARTICLE = re.compile(r"has (?!an? |the |my |our |no |\d)(.+)")
_NEXT_VERBS = alternatives(
    "drive live run work want need see try go got have am love like help use make do study play needed would affected "
    "currently look feel hope enjoy watch started had is are was the i my he she they it freaking getting"
)
_NEXT_CLAUSE = re.compile(
    rf",? (?:and|but) (?:currently |now |also |then |still )?{_NEXT_VERBS}\b.*$|\s\.\s?\w.*$|\.(?=[A-Z]).*$|"
    r", (?:didn't|so|which|after)\b.*$| that \w+s (?:in|at|near) .*$| since (?:it|its|it's)\b.*$"
)
_AFTERWARDS = re.compile(
    r" together$| one time$| (?:now )?time to .*$| my (?:husband|wife|boyfriend|girlfriend) was .*$| more money$|"
    r"(?: to the illness)? earlier(?: (?:in|this) .*)?$|(?<=anxiety) worrying$| with (?:an?|my) (?:\w+ )?degree$"
)


def as_it_lasts(value: str, sentence: str) -> str:
    """A circumstance without its amount, its length and the clause that follows it."""
    value = _NEXT_CLAUSE.sub("", _AFTERWARDS.sub("", value))
    value = _HOW_LONG.sub("", _HOW_MUCH.sub("", value)).strip()
    value = _WED.sub(r"\1", value)
    if value.startswith("Living "):
        return f"l{value[1:]}"
    bare = _WITHOUT_ARTICLE.fullmatch(value)
    if bare and (found := re.search(rf"\b(an?) {re.escape(bare.group(1))}", sentence)):
        return f"has {found.group(1)} {bare.group(1)}"
    return value


_WAS_WORDS = alternatives(
    "nurse chef vet clerk student athlete alcoholic teenager widow monk nun cop medic coach model smoker"
)
_DOER = r"\w{3,}(?:er|or|ist|ian|ant|ee|eer|ese|man|woman)"
_WAS_SOMEBODY = re.compile(rf"^was an? (?:[\w-]+ ){{0,3}}?(?:{_DOER}|{_WAS_WORDS})s?\b(?! fan)")
_SERVICES = alternatives("army navy air_force military marines reserves scouts hospital")
_WAS_ELSEWHERE = re.compile(rf"^was (?:the|on|at|an?|in (?!the {_SERVICES}\b))\b")
_UNABLE = re.compile(
    r"^cannot (?!(?:swim|drive|cook|fly)$|(?:eat|drink|tolerate|have|handle \w+ food)\b(?!.* (?:let alone|even|much|"
    r"anything)))"
)
_HOW_STUDIED = alternatives(
    "hard well real really earlier every a an quite lot(s) all so very for enough more until with my the it together "
    "day "
    "last"
)
_STUDIED_HOW = re.compile(
    rf"^studied(?:$| {_HOW_STUDIED}\b| (?!engineering|nursing|marketing|accounting|teaching|acting|banking)\w+ing\b)"
)
_ILLNESSES_OF_NOW = alternatives(
    "fever cold flu headache covid covid-19 cough virus infection hangover food_poisoning toothache stomach_ache "
    "sickness"
)
_ILL_NOW = re.compile(
    rf"^(?:severe |bad |a |the |high )?{_ILLNESSES_OF_NOW}\b|^(?:still )?recovering(?:$| from (?!alcohol|addiction))|"
    rf"^dealt with\b"
)
_NOT_FEARS = alternatives("not my what it this that him her going the_things the_future the_unknown the_pandemic covid")
_FEARED_NOW = re.compile(
    rf"^afraid of {_NOT_FEARS}\b|\b(?:shy|afraid|scared) to\b|^(?:not |pretty |very )*(?:un)?comfortable\b"
)
_SKILLS_OF_NOW = re.compile(
    r"^(?:not |very |really |so )*(?:good|great|terrible|bad|better|awful)(?:$| (?:at|with) "
    r"(?:being|\w+ing up|the idea|it|that|this|wrapping)\b)"
)
_WHERE_TO = re.compile(
    r"^(?:goes to (?:school|work|bed|class)|gone to .*)$|^on (?:vacation|holiday|a? ?break|a trip|my way|the road)\b"
)
_NO_STATE_WORDS = alternatives(
    "target own salary rent pay income bill(s) responsible_for involved_in involved_with represents in_charge_of based "
    "main_person speech lucky has_rather has_fun has_no_experience"
)
_NO_STATE = re.compile(
    rf"^{_NO_STATE_WORDS}\b|^diet: (?:good|bad|great|ok)\b|^team (?!is|are|has|of)|^(?:[1-9]) years? old$|"
    rf"\b[Ff]ather's day\b",
    re.IGNORECASE,
)
_ALONE_NOTHING = word_set("startup company agency human addicted gamer member person user alone customer client")
_JOBS_OF_NOW = re.compile(
    r"^got (?:the|an?|my|this|that|another) (?:\w+ )?(?:job|offer|job offer)(?! (?:at|as|with|in) )\b|^left the \w+$|"
    r"\bfor (?:an?|the) (?:few|couple|past|last)\b"
)
_DONE_NOW = re.compile(
    r"^taking care of (?:myself|it|him|her|them)\b|^training (?:hard|my|for)\b.*\b(?:week|weekend|now|tomorrow)\b|"
    r"^saving (?!up for (?!a trip$)|for|\W?\d)|^owns (?:for|the)\b|"
    r"^prays\b(?! (?:five|daily|every))|^in the (?:wrong|right|"
    r"market)\b|"
    r"^fosters (?!dog|cat|kid|child|for|kitten|pupp|animal|teen)|^owes (?!.*\d|.*money)|^takes my\b|\s/"
)
_GREW_HOW = alternatives(
    "with without as near around speaking poor rich between by outside catholic christian jewish muslim"
)
_GREW = re.compile(rf"^grew up (?!in .|on .|{_GREW_HOW}\b|an?\b|[A-Z])|^grew up \w+$")
_PRAISED = re.compile(
    r"^(?:great|good|bad|amazing) (?:mother|mom|father|dad|parent|wife|husband|friend|person)$|\b(?:team member|"
    r"huge fan|big fan)$|"
    r"\bnot an? (?:father|mother|parent)\b|\bat one time\b|\bin the past$|\bpractice in\b"
)
_HAS_NOW = re.compile(
    r"^has (?:(?:an? |some )?(?:\w+ )*?(?:experience|expertise|knowledge)\b(?!.*\byears?\b)(?<!years of experience)|"
    r"\d+ .*\breporting\b|(?:a )?variety\b|(?:an? )?account$|.*\bhair in my\b|.*\bsavings left$)|\bwith the \w+$"
)
_OF_NOW = (
    *(
        _UNABLE,
        _STUDIED_HOW,
        _ILL_NOW,
        _FEARED_NOW,
        _SKILLS_OF_NOW,
        _WHERE_TO,
        _NO_STATE,
        _JOBS_OF_NOW,
        _DONE_NOW,
        _GREW,
    ),
    *(_PRAISED, _HAS_NOW),
)
_MAYBE = re.compile(
    r"\b(?:could be|might|may|think|afraid|worried|wonder if) (?:that )?i (?:have|am|might|may|could)\b|"
    r"\b(?:think|guess|suspect|feel like) (?:that )?i['\u2019]?m (?:\w+ )?(?:suffering|having|experiencing)\b",
    re.IGNORECASE,
)
_SO_THAT = re.compile(
    r"\b(?:so|that|if|until|eventually|hopefully|one day) i can\b|\bi can eventually\b", re.IGNORECASE
)
_ALMOST = re.compile(
    r"\b(?:almost|nearly|about to (?:be|turn)|not even|wish i was|feel like i'm) \d\d\b", re.IGNORECASE
)
_UNITS = alternatives(
    "dollars bucks cents point(s) people times percent over under short ahead behind pounds lbs miles"
)
_NO_AGE = re.compile(rf"\b\d\d (?:{_UNITS}\b|years? (?!old|young|of age))", re.IGNORECASE)
_HAD_BEEN = re.compile(r"\b(?:i|we)(?:'d| had) (?:\w+ )?been\b", re.IGNORECASE)
_BEFORE = re.compile(r"^ (?:before|in the past)(?: (?:and|but|so|too|that|when)\b|\W*$)")
_SUBJECT = re.compile(r"\b(?:i|i'\w+|im|ive|we|we'\w+|my|our|me)\b", re.IGNORECASE)
_WED_STATES = frozenset(["married", "engaged", "single", "divorced", "pregnant"])
_PREPOSITION = re.compile(r" (?:for|of|to|in|with|at|from|on|who|that)\b")
_PERSONS = alternatives(
    "mum mom dad mother father parent grandma grandpa person man woman speaker child someone somebody with who "
    "resident "
    "student member native twin vegan vegetarian introvert extrovert expat widow couple freshman sophomore muslim "
    "christian catholic jew hindu sikh"
)
_PERSON = re.compile(rf"\b(?:{_PERSONS}|\w{{3,}}(?:er|or|ist|ian|ant|ee|eer|an|ese))s?$", re.IGNORECASE)
_STATES_OF_LIFE = re.compile(r"^(?:from|living|suffering|growing up|pregnant|single|an? |the )", re.IGNORECASE)
_APPLYING = alternatives(
    "strive thrive pride aim ensure specialize specialise bring help possess offer understand wholeheartedly "
    "am_excited "
    "am_committed am_passionate am_confident am_responsible want would_like should"
)
_COPY = re.compile(rf"\W*as an? [^,.;]{{3,70}}?,? i {_APPLYING}\b", re.IGNORECASE)  # "As an educator, I strive to ..."


def is_of_now(value: str, sentence: str, rule: str) -> bool:
    """Whether it passes, is over, is feared, or says too little of a life."""
    if any(one.search(value) for one in _OF_NOW) or value.lower() in _ALONE_NOTHING:
        return True
    if _WAS_ELSEWHERE.match(value) and not _WAS_SOMEBODY.match(value):
        return True
    if value in _WED_STATES and rule.startswith("about") and not _SUBJECT.search(sentence):
        return True
    if value.endswith("years old") and (_ALMOST.search(sentence) or _NO_AGE.search(sentence)):
        return True
    opens = rule.startswith("openings.role") and (_COPY.match(sentence) or not is_somebody(value))
    return bool(opens) or _is_over(value, sentence)


def _is_over(value: str, sentence: str) -> bool:
    if _SO_THAT.search(sentence) and value.startswith("can "):
        return True
    if _MAYBE.search(sentence) or (_HAD_BEEN.search(sentence) and not value.startswith(("was", "had"))):
        return True
    after = sentence.rpartition(value[-12:])[2] if value[-12:] in sentence else ""
    if _BEFORE.match(after) or (value.startswith("expecting") and "'s" in value):
        return True
    of_a_firm = value.startswith("has ") and "experience" in value
    return of_a_firm and re.search(r"\bwe have\b", sentence, re.IGNORECASE) is not None


def is_somebody(value: str) -> bool:
    """Whether it names a person's kind: "a fun joke for the editor" is a joke."""
    head = _PREPOSITION.split(value, maxsplit=1)[0]
    known = _PERSON.search(head) or _STATES_OF_LIFE.match(value)
    return " or " not in value and known is not None
