"""Whether a circumstance of life or a relation tells something that lasts: `life_context` is no place for the rest."""

from collections.abc import Sequence

from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.places import is_known
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.lasting.states import is_of_now, is_somebody
from pipelines.language.embedded.judging.shapes import is_quality, praises
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.work import late_patterns as re

LONGEST = 11  # words
_RUNNING_ON = word_set("there because but so i me something anything everything someone")
_FROM = re.compile(r"(?:from|moved from|born in|came to) (?:the |a |an )?(.*)", re.IGNORECASE)
_KINDS_OF_PLACE = alternatives("family village town city farm island suburb background household country")
_FROM_WHERE = re.compile(rf"(?:\w+ ){{0,2}}?{_KINDS_OF_PLACE}s?\b(?! (?:with|where|that|which)\b)")
_WISH = re.compile(r"(?:(?:wants|would like|would love|trying) to|trying) (.*)", re.IGNORECASE)
_WISHED_VERBS = alternatives(
    "become own open_a retire learn run_a move visit travel_to travel_the live_in have_kids have_children get_married "
    "buy_a start_a lose save quit stop write_a publish adopt study climb speak play get_into emigrate "
    "go_back_to_school change_career"
)
_WISHED = re.compile(rf"{_WISHED_VERBS}\s+\S", re.IGNORECASE)
_TRAVELS = re.compile(r"(?:travel|visit|move)\b(.*)")
_WEAK_OPENINGS = alternatives(
    "born_and_raised someone somebody human a_human to_it to_there best meaning trying_not looking getting "
    "taking_a_break on_my_way on_my_diet at_home from_the_same from_there from_here from_a_different from_your "
    "from_that from_what afraid_of_it afraid_of_that afraid_of_losing afraid_of_accidents anxious_about nervous_about "
    "scared_of_it scared_of_that comfortable good_at_it good_at_this good_at_that proud_of proficient was_a_kid "
    "too on_cloud_nine over_the_moon on_top_of_the_world in_heaven in_shock in_awe on_fire "
    "off_work off_of_work was_a_child was_little was_young was_wrong was_right kid child"
)
_PASSING_PLACES = alternatives("process middle mood hurry way same room car kitchen house")
_WEAK = re.compile(rf"^(?:{_WEAK_OPENINGS}|in (?:the|a) {_PASSING_PLACES}|new to (?-i:[a-z])\w*)\b", re.IGNORECASE)
_UNPLACED = alternatives("stationed named raised deployed accepted admitted educated")
_REMARKS = alternatives(
    "awesome amazing great good bad super fantastic incredible wonderful the_most encouraging supportive fun nice"
)
_SIZES = alternatives("two three four five six seven eight nine ten twelve small big large remote distributed based")
_UNTOLD = re.compile(
    rf"^(?:\w+ )?team (?:is|are|has|was|were) (?!(?:(?:just|only|about|an?) )*(?:\d|{_SIZES}\b))|\bthe same\b|"
    r"^became (?:a |an )?(?:\w+ )?fan\b|^born at\b|^from .*'s? |"
    rf"\b(?:able|free|happy|glad|ready|sure) to\b|^(?:was |were )?{_UNPLACED}$|"
    r"^(?:team|vision|hearing|diet) (?:is|has|was|are) (?:been |seen |made |come |so |really |very |super |just )*"
    rf"(?:{_REMARKS}|\w+ing)\b|"
    r"^grew up (?:on|with) (?:the |these |those )?(?:\w+ ){0,2}(?:shows?|series|movies?|films?|music|songs|cartoons)\b|"
    r"^grew up \w+ing\b|\b(?:said|says|told)\b|^has (?:with|to|for|of|in|on)\b|"
    r"^(?:owns|has|uses|keeps) .*\b(?:was|is|were|are)\b|"
    r"\bby an? (?:team|company|group)$|^(?:raised|grew up|born) (?:in|on) an? (?:area|place|town|time|family)$|"
    r"^(?:has|owns) (?:a )?(?:couple|few|lot|bunch|whole)\b"
)
_PRAISED = re.compile(
    r"(?:not )?(?:an? |the )?(?:great|good|amazing|awesome|terrible|bad|horrible) (?!at\b|with\b)\w", re.IGNORECASE
)
_LEFT_DOING = alternatives(
    "telling doing making understanding thinking catching getting having being seeing using finding keeping taking"
)
_HALF_SAID = re.compile(rf"\bat {_LEFT_DOING}$")
_CREEDS = alternatives(
    "seventh-day_adventist seventh_day_adventist adventist pentecostal presbyterian mennonite unitarian calvinist "
    "zoroastrian taoist rastafarian deist humanist jehovah's_witness "
    "muslim christian catholic protestant evangelical lutheran anglican methodist baptist quaker mormon orthodox "
    "buddhist hindu sikh jain baha'i pagan wiccan shia sunni atheist agnostic religious spiritual"
)
_CREED = re.compile(rf"(?:\w+ ){{0,2}}?{_CREEDS}(?: {_CREEDS})?", re.IGNORECASE)
_SELF = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|my|me|we|our)\b", re.IGNORECASE)
_WE_ARE_BORN = re.compile(r"\bwe(?:'re| are)? (?:all |both )?born\b", re.IGNORECASE)
_BORN_INTO = re.compile(r"born into ", re.IGNORECASE)
_MEDICINES = alternatives("med(s) pill(s) painkiller(s) tablet(s) medicine antibiotic(s) ibuprofen aspirin")
_OF_NOW = re.compile(rf"^(?:is |has been )?taking (?:\w+ )?{_MEDICINES}\b|^(?!I\b)[A-Z][a-z]+ just \w+$")
_SAYS_NOT_WHICH = re.compile(
    r"^has (?:an? |my (?:own )?)?(?:(?:[\w.]+ ){0,2}(?:accounts?|subscription)|licen[cs]e)$|"
    r"^not (?:very |that |so |too )?(?:good|great|bad) (?:at|with) |^got (?:my|a|the) (?:dream|new|first|perfect) job$"
)
_KIN = alternatives("parents family mom mum dad sister brother")
_STUMPS_OF_LIFE = re.compile(
    r"^has (?:no|some|little|much|any) (?:experience|idea|clue|time|money)$|\b(?:an)?other one$|"
    r"^(?:studied|took) .*\blast (?:semester|year|term|night|week)$|^(?:studied|took) (?:ig|lol|tbh)\b|"
    rf"^[Mm]y {_KIN}\b.* (?:moved|came|left|went)$|^good (?:with whatever|team)$|^has my eyes on|"
    r"^phobias?$|^(?:medical )?condition$|"
    r"\b(?:condition|disease|disorder|illness)s? (?:that|which)\b|"
    r"\bof my (?:entire|whole)\b|\bnot (?:really )?sure\b|\bat the time$|\bfilled |"
    r"^saving \d+ (?:hours?|minutes?|days?)\b|^can \w+ an? (?:little|bit|lot)$|"
    r"^(?:owns|has) (?:\d+|two|three|four|five|six)$|^age: (?!\d|\w+ty\b)|^not (?:very )?fluent$|"
    r"^(?:useless|hopeless|terrible|rubbish) (?:at|with) (?:the|this|that|it)\b|^goes to the \w+ in St$|"
    r"^born in$|"
    r"^(?:only|lots?)\b(?! (?:child|son|daughter|of))|^\w+'s day\b|^at least\b"
)
_WITHOUT_ITS_END = re.compile(
    r"\b(?:is|are|was|were|takes?|makes?|helps?|means?|gives?)(?: (?:nice|good|fun|hard|great))?$"
)
_OF_THE_HOUR = re.compile(
    r"^(?:up|awake|asleep|off|home) (?:at|by|until|till|since)\b|^just\b|^on board$|^keeps \w+ing\b|^deep question|"
    r"^pretty (?:comfortable|good|sure|much|full|set)$|^(?:was|were) an? (?:little|lost|bit|mess)\b|"
    r"^has (?:zero|accidentally|background)\b|\bkind of\b|\bone of the\b|"
    r"^good with (?:the|that|this)\b|\bwith some\b|^friend\b|"
    r"^going to (?:the|school|class|work|bed)\b|\bgo(?:es)? (?:we|i|they|you)\b"
)
_NO_ALLERGENS = alternatives(
    "work working marketing mornings mondays people meetings drama exercise exercising sports bullshit nonsense "
    "stupidity small_talk commitment fun money happiness love boredom chores cleaning losing failure change crowds "
    "noise politics maths math homework school responsibility early_mornings waking_up hard_work being_told"
)
_IN_JEST = re.compile(rf"^allergic to {_NO_ALLERGENS}\b", re.IGNORECASE)
_PASSING = (_OF_THE_HOUR, _IN_JEST, _WEAK, _STUMPS_OF_LIFE, _WITHOUT_ITS_END, _UNTOLD, _OF_NOW, _SAYS_NOT_WHICH)
_PARENT_ALONE = word_set("mom mum dad mother father parent")
_SAYS_TO_BE = (
    r"\b(?:i'?m|i am|being|as|i've been|i became)\W+(?:(?:now|just|also|only) )?(?:an? )?(?:(?!your|the|not)\w+ )?"
)
_ENGAGED_IN = re.compile(r"\bengaged (?:in|on|by)\b", re.IGNORECASE)
_DOES = re.compile(rf"\w \w+ {alternatives('works goes comes helps makes loves knows gives takes')}\b")
_A_WORD_ALONE = re.compile(rf"(?:{NATIONS})(?:,? and (?:{NATIONS}))?")  # "English", perhaps a language
_WITHOUT_A_VERB = frozenset(["introductions.introduction"])


def life_objection(value: str, sentence: str, rule: str) -> str:
    """Why it tells nothing that lasts of the user's life."""
    words = words_of(value)
    if len(words) > LONGEST or not _RUNNING_ON.isdisjoint(words[1:]):
        return "runs on"
    if points(value) or passes(value) or any(weak.search(value) for weak in _PASSING) or words == ["allergic"]:
        return "passing"
    if is_of_now(value, sentence, rule) or _answers_only(value, words, sentence, rule) or _is_misread(value, sentence):
        return "a sentence about something else, or half an answer"
    firm = _A_FIRM.search(value) and re.search(r"\bwe(?:'re| are) an?\b", sentence, re.IGNORECASE)
    of_theirs = (
        (rule == "about.placed" and value.startswith("from ") and not _IS_FROM.search(sentence))
        or (rule == "openings.role_opening" and _AS_THE.match(sentence))
        or _THAT_ONE.search(value)
    )
    nounless = (
        firm or of_theirs or (is_quality(words[-1]) and words[-2:-1] in (["my"], ["our"])) or _HALF_SAID.search(value)
    )
    of_others = (_BORN_INTO.match(value) and not _SELF.search(sentence)) or (
        value.startswith("born ") and _WE_ARE_BORN.search(sentence)
    )
    if nounless or of_others or (rule.startswith("being") and _PRAISED.match(value)):
        return "praise, no noun, or of others"
    found = _FROM.fullmatch(value)
    if found and not (
        re.match(r"[A-Z\d]", found.group(1)) or _FROM_WHERE.match(found.group(1)) or is_known(found.group(1))
    ):
        return "no place"
    wish = _WISH.fullmatch(value)
    return wish_objection(wish.group(1)) if wish else ""


_WHO_IS_FROM = alternatives(
    "i'm im i_am ive i've we're we_are was being as and but originally come came hail hails here live guy girl man "
    "woman male female person boy kid someone somebody immigrant native"
)
_IS_FROM = re.compile(
    rf"\b{_WHO_IS_FROM}(?:[\s,]+(?!(?:to|trying|looking)\b)[\w'-]+){{0,5}}?[\s,]+from\b", re.IGNORECASE
)
_AS_THE = re.compile(r"\W*(?:and |but |so )?as the\b", re.IGNORECASE)  # "As the leader of the team, he must ..."
_THAT_ONE = re.compile(r"^(?:belongs|grew up|raised|born)\b.*\b(?:that|this|those|these) \w+$")
_A_FIRM = re.compile(r"\b(?:college|university|company|school|firm|institution|product team)\b")
_IS_HERE = re.compile(r"\w here\W*$", re.IGNORECASE)
_NOBODY_HERE = word_set("yes ah please oh no enter click sign start stop look same ditto switching")
_METRES = re.compile(
    r"\W*(?:\d\d ?[mf]|[mf]\d\d) (?!here\b|from\b|in\b|and\b|living\b|with\b|who\b|looking\b)\w", re.IGNORECASE
)


def _answers_only(value: str, words: Sequence[str], sentence: str, rule: str) -> bool:
    """Whether it means something else than it reads alone: "engaged" in a war, "English" for a language."""
    if value in _PARENT_ALONE:  # "with my brother and mom"
        return re.search(_SAYS_TO_BE + value, sentence, re.IGNORECASE) is None
    if rule not in _WITHOUT_A_VERB:
        return value == "engaged" and _ENGAGED_IN.search(sentence) is not None
    if _IS_HERE.search(sentence) and not is_somebody(value):
        return True
    if words[-1] == "same" or words[0] in _NOBODY_HERE or _METRES.match(sentence):
        return True
    of_it = has_finite_verb(value) or _DOES.search(value) or praises(value) or words[0] in {"the", "same"}
    return bool(of_it) or _A_WORD_ALONE.fullmatch(value) is not None


_NOT_YEARS = re.compile(r"^ ?(?:foot|feet|ft|inch|inches|lbs|pounds|kg|cm|%|percent|['\u2019] ?\d)", re.IGNORECASE)
_AGED_THEN = re.compile(
    r"\b(?:after|since|when|before|until|till|once|the (?:day|year)) (?:i|we) (?:\w+ )?turned\b", re.IGNORECASE
)  # what was so from that day on
_NOT_YET = re.compile(r"\b(?:once|when|if|until|before|after) (?:i|we) get (?:married|engaged|a job)\b", re.IGNORECASE)
_ONE_OF_IT = re.compile(r"has ([a-z]+)")
_CLAUSES = word_set("we they he she")


def _is_misread(value: str, sentence: str) -> bool:
    """A height for an age, a wish for what has been, a noun that lost its article, a second clause."""
    aged = value.endswith("years old")
    age = aged and (_NOT_YEARS.match(sentence.partition(words_of(value)[0])[2]) or _AGED_THEN.search(sentence))
    wish = value.startswith(("got married", "got engaged", "got a job")) and _NOT_YET.search(sentence)
    one = _ONE_OF_IT.fullmatch(value)
    lost = one and re.search(rf"\ban? {one.group(1)}\b", sentence, re.IGNORECASE)
    before = value.startswith("was ") and re.search(r"\boriginally\b", sentence)
    return bool(age or wish or lost or before) or not _CLAUSES.isdisjoint(words_of(value)[1:])


def wish_objection(wish: str) -> str:
    """Why a wish ("travel to Peru") is none for a life."""
    where = _TRAVELS.match(wish)
    anywhere = where is not None and not re.search(r"[A-Z]|\bworld\b", where.group(1))
    return "passing" if anywhere or not _WISHED.match(wish) else ""


def is_creed(value: str) -> bool:
    """Whether it says what one believes in, or does not: "practising Muslim", "not religious"."""
    return _CREED.fullmatch(value) is not None
