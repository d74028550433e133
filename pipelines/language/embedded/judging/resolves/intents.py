"""Whether a commitment or date is worth keeping: not a plan for tonight, nor small talk."""

from collections.abc import Sequence

from pipelines.language.embedded.grammar.lexicon import MONTHS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.stumps import points, words_of
from pipelines.work import late_patterns as re

LONGEST_COMMITMENT = 16  # words
_SMALL_ACTS = alternatives(
    "make cook eat get watch try have do order stay sleep wait see look check relax visit buy start go_out go_to_bed "
    "go_home go_for go_and go_have go_see go_watch go_to_the go_back go_to take_a take_some take_the take_my give_it "
    "play read call put sit grab clean walk come bring explore wear freshen need needed getting taking change_the "
    "change_my_hair spend share open_the tell ask let"
)
SMALL = re.compile(rf"{_SMALL_ACTS}\b", re.IGNORECASE)
_WEIGHTY_THINGS = alternatives(
    "job offer house flat apartment home degree course school university college company business phd marathon "
    "treatment surgery visa divorce baby career contract loan mortgage investment pension year masters therapy "
    "children kids dog cat puppy"
)
WEIGHTY = re.compile(rf"\b{_WEIGHTY_THINGS}\b", re.IGNORECASE)
_PHRASES_OF_CHAT = alternatives(
    "talk_again talk_to_you talk_tomorrow talk_later talk_soon chat_again chat_tomorrow chat_later catch_up "
    "let_you_know keep_you see_you text_you call_you speak_soon speak_tomorrow check_it your_advice your_words "
    "your_suggestion your_help your_support pay_attention do_my_best try_my_best keep_trying keep_going keep_it "
    "be_careful think_about follow_your practice_more improve_my improve_myself"
)
_IDLE_STATES = alternatives("better patient positive able back there fun great nice good sure")
_SOCIAL = re.compile(
    rf"\b(?:(?:the|this) (?:ai )?(?:assistant|chatbot|bot)\b|{_PHRASES_OF_CHAT}|let (?:her|him|them) know|"
    r"look into (?:it|that)|work on (?:it|that)|remember (?:that|this)|"
    rf"give it a (?:try|go|shot)|be {_IDLE_STATES})\b",
    re.IGNORECASE,
)
_NO_STUDIES = r"(?! .*\b(?:at|for) (?:sixth form|uni\b|university|college|a-levels?|gcses?))"
_VAGUE_PLAN = re.compile(
    r"(?:plans (?:to|on) |planning |hopes to |aims to )?"
    rf"(?:try|trying|keep|do{_NO_STUDIES}|doing|make it|making it)\b"
)
_RESOLVED = re.compile(r"try(?:ing)? to (?!(?:rest|relax|sleep|talk|open|focus|care)\b)\w+(?: and \w+)? (?:more|less)$")
_LOOSE_END = re.compile(
    rf"\bone(?: soon)?$|\bsome more\b|\bhaving {alternatives('brunch lunch dinner a_drink drinks coffee a_study')}\b|"
    r"next trip$|on adventures$"
)
_NOW = alternatives("tonight today right_now later_on in_a_bit in_a_minute in_a_moment in_a_while in_a_sec")
_PASSING = re.compile(rf"\b(?:{_NOW}|this (?:morning|afternoon|evening))\b", re.IGNORECASE)
_NEXT_DAY = re.compile(r"\btomorrow\b", re.IGNORECASE)
_MERE_WILL = frozenset(["plans.will", "plans.must"])
_DATED_WORDS = alternatives(
    "next month year january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep oct nov dec spring summer autumn winter quarter q1 q2 q3 q4 end_of semester term sprint "
    "monday tuesday wednesday thursday friday saturday sunday weekend week"
)
_DATED = re.compile(rf"\b{_DATED_WORDS}s?\b|\d(?!\d?(?::\d\d)? ?(?:am|pm))", re.IGNORECASE)
_DURATION = re.compile(r"(?:for |in )?(?:an?|one|two|three|four|five|six|\d+) (?:day|week|month|hour)s?")
_IDLE_WORDS = word_set(
    "go going start starting come do have be get to on in at the a an my our for plans planning leave"
)
_LASTING = re.compile(r"\b(?:any ?more|ever|again|until|from now on|this year)\b")
_PERIODS = alternatives("weekend month year week spring summer autumn fall winter quarter semester term")
_THIS_TIME = re.compile(rf"\bthis (?:\w*day|{_PERIODS})\b")


DEVICES = alternatives("computer phone laptop device tablet")
_NOWHERE = re.compile(
    r"^joining (?:on|in|at|from)\b|"
    r"\b(?:explore|see|visit|tour) the (?:city|area|place|town|country|region)\b|\b(?:there|elsewhere)\b|"
    r"\b(?:in the future|one day)$|\b(?:in|around|at|of) the (?:city|area|place|town|country|shop|show)\b"
)


_IDLE_PLANS = alternatives("unwind relax rest chill party sleep nap hang_out stay_home take_it_easy call_again")
_OF_AN_EVENING = re.compile(rf"^(?:plans (?:to|on) )?{_IDLE_PLANS}\b")
_WHICH_ONES = re.compile(
    r"\b(?:other|another|more) \w+(?!.*[A-Z\d])|\b(?:on|during|for|after) (?:my|our|the) trip\b(?!.*[A-Z])"
)
_ANY_THING = re.compile(r"\b(?:everything|anything|something|stuff)\b|\bagain\b(?!.*[A-Z\d])")
_THE_NEXT_TIME = re.compile(r"\bnext time (?:i|we)\b", re.IGNORECASE)
_GOAL_VERBS = alternatives("get make keep do give help have be see continue show share find use inspire bring")
_GOAL_OF_WHAT = re.compile(rf"(?:\w+ )?(?:goal|dream|aim|ambition|resolution): (?:to )?{_GOAL_VERBS}\b(?!.*[A-Z\d])")


def _aims_at_nothing(value: str) -> bool:
    """Whether a goal lacks what it is about: "goal: get people involved"."""
    return _GOAL_OF_WHAT.match(value) is not None and not WEIGHTY.search(value)


_NO_MORE_THAN_WHEN = re.compile(
    r"^(?:plans?|planning)(?: for)?(?:(?: in)? [A-Z]\w+ \d{4})?$|"
    r"^(?:plans to |planning to |will )?(?:return|go back|come back|be back)(?: (?:on|in|by) .*)?$"
)
_PAST_STORY = re.compile(
    r"^(?:arranged|booked|scheduled|signed up|agreed|promised|planned|organised|organized)\b.*\band (?:then )?\w+ed\b"
)
_NOT_YET_MEANT = re.compile(
    r"\b(?:worried|afraid|scared|concerned|nervous|doubt|not sure) (?:that )?(?:i|we)\b|"
    r"\b(?:maybe|perhaps) (?:i|we|i'll|we'll)\b|\bunless (?:i|we|it)\b",
    re.IGNORECASE,
)
_FOR_A_WHILE = r"(?:to (?:avoid|help|be|get)|for (?:spring|summer|fall|winter))"
_SAYS_LESS = re.compile(
    r"\bsome ?(?:time|day)$|^make sure\b|"
    r"^decide (?:by|before|on|in|until)\b|^(?:training|studying) for .*\b(?:me|team|us)\b|"
    r"^(?:barely|hardly|probably|perhaps|just|definitely)\b|^(?:eat|drink|sleep|chat|laugh|smile) (?:more|less)$|"
    r"\b(?:take|get|buy|try|make|see|use|have) (?:another )?ones?\b|\bthat (?:will|would|can|could)\b|"
    rf"^(?:moving|going|staying|leaving) {_FOR_A_WHILE}$|^(?:switch|switching) to (?:(?:an?|my|another) )?{DEVICES}$"
)
_FEASTS = alternatives(
    "christmas xmas thanksgiving easter new_year new_year's hanukkah ramadan diwali halloween the_holidays the_holiday "
    "summer winter spring autumn the_summer the_winter the_weekend the_week a_week spring_break"
)
_GOING = alternatives(
    "visit(ing) travel(ing) travelling go(ing) come coming leave leaving fly(ing) stay(ing) return(ing) drive "
    "driving be"
)
_GOING_NOWHERE = re.compile(  # says neither whom, nor where, nor on which day
    rf"^(?:(?:plans|hopes|planning|aims) (?:to |on )?)?{_GOING}"
    rf"(?: (?:home|back|away|over|down|up|out))?(?: (?:for|at|over|during|on|in))? {_FEASTS}$",
    re.IGNORECASE,
)
_WITHOUT_ITS_THING = alternatives("make do have get take see use give buy need want find bring put")
_FOR_A_TEST = re.compile(
    r"^(?:study|studying|prepare|preparing) for (?!the\b)(?:\w+ ){0,3}"
    r"(?:test|exam|class|quiz|final|finals|midterm|midterms)s?$|"
    r"^plans (?:on|to) \w+$|^(?:booked|signed up for) (?:\w+|a few)$|\bbut (?:nope|no|not)\b|"
    r"^(?:the|those|these|my|our) \w|^(?:his|her|their) \w|"
    rf"^{_WITHOUT_ITS_THING} (?:in|on|by|next|this) (?:[\dA-Z]|\w+$)|"
    r"^plans (?:on|to) (?:going|go) \w+ing$|^hopes to (?:win|survive|hit|return|close)\b"
)
_HABIT = re.compile(r"\bi (?:always|usually|often|sometimes|never) (?:plan|intend|mean|hope|try|aim)\b", re.IGNORECASE)
_MEANT_ONCE = re.compile(r"\b(?:was|were) (?:\w+ )?(?:going|gonna|planning|supposed) to\b", re.IGNORECASE)
_CODED = re.compile(
    r"\b(?:\w+ )?goal: (?:write|create|build|make|generate|implement|code|train) .*\b(?:code|script|function)\b"
)
_FOR_READERS = re.compile(
    r"^aims? to (?:inform|provide|deliver|enable|educate|inspire|empower|bring|offer|reach|give)\b", re.IGNORECASE
)
_UNNAMED = re.compile(r"^\w+ (?:that|it|them|those)(?: (?:for|in|on|by|at|before|after) .*)?$", re.IGNORECASE)
_TOO_LITTLE = (
    _UNNAMED,
    _FOR_READERS,
    _CODED,
    _FOR_A_TEST,
    _SAYS_LESS,
    _NOWHERE,
    _WHICH_ONES,
    _ANY_THING,
    _OF_AN_EVENING,
    _NO_MORE_THAN_WHEN,
    _GOING_NOWHERE,
    _PAST_STORY,
)


_PROPOSED = re.compile(
    r"\b(?:let'?s|shall we|let us|we (?:will )?(?:commit|aim|strive)|we(?:'re| are) aiming|our (?:aim|goal|mission|"
    r"vision)|"
    r"i swear(?: that)?(?= .*\b(?:was|were|is|are)\b)|had to (?:move|relocate|leave))\b",
    re.IGNORECASE,
)
_TYPED = alternatives("edit enter paste provide upload copy describe explain list input type insert attach cut")
_GIVEN = alternatives("choose pick select take give send show share ask write add use continue start begin fill post")
_IN_THE_CHAT = re.compile(rf"(?P<here>{_TYPED}\b)|{_GIVEN}\b")
_SMALL_THINGS = alternatives(
    "mow mowing yardwork yard_work grass coming_clean compensate compensating steer_clear double_shifts video_game(s) "
    "split_the stress_less to_the_chase with_me_from good_care the_plunge grocery groceries dishes laundry haircut "
    "nice_restaurant celebrate_with your somewhere sometime_soon with_friends go_play flu_shot out_of_town plane_trip "
    "sync_up photos debate_assignment tickets my_day breaks vacuum next_part the_lake many_npcs three_points"
)
_SMALL_PLANS = alternatives("use have discuss add write_many allow carry arrive show include study_more do get make")
_AT_ONCE = alternatives(
    "arrive vacuum watching win for_sure continue_to be_home be_there be_careful be_back be_able career_plan:_first "
    "move_on "
    "make_in work_harder work_even_harder take_the first testing"
)
_OF_THE_WEEK = re.compile(
    rf"\b{_SMALL_THINGS}\b|^(?:plans|aims) to {_SMALL_PLANS}\b|^{_AT_ONCE}\b|^booked an? \w+$|\bfor a few\b|\d/\d of\b|"
    r"^(?:wait|go (?:play|back|out|ahead|for)|buy (?:an?|are|some|the)|starting a \w+ \w+ soon|have an? \w+ \w+ in)\b|"
    r"\band (?:will|hope|need|want|hopefully)\b|^(?:hopes|plans|aims) to \w+$|\babove\b|\bwith (?:her|him|them)\b"
)


def _is_of_the_week(value: str, rule: str) -> bool:
    """What `ahead` reads is a turn of a life: "take the exam", "go back to work"."""
    return rule != "ahead.ahead" and _OF_THE_WEEK.search(value) is not None


_JUST_SAID = re.compile(r"\b(?:i'll|i will|then i)\b[^.!?]*!", re.IGNORECASE)


def _is_done_here(value: str, detail: str, rule: str) -> bool:
    """ "I am going to paste the chapter": within the chat."""
    done = _IN_THE_CHAT.match(value) if rule in _MERE_WILL else None
    return done is not None and (bool(done["here"]) or not detail or detail.startswith(("since", "the ")))


def commitment_objection(value: str, detail: str, sentence: str, rule: str) -> str:
    """Why it is no plan or promise that somebody should be reminded of."""
    words = words_of(value)
    if not 2 <= len(words) <= LONGEST_COMMITMENT:
        return "runs on"
    if points(_THIS_TIME.sub("", value)) or _SOCIAL.search(value) or _THE_NEXT_TIME.search(sentence):
        return "small talk"
    at_once = value.startswith("moving to ") and not detail and _JUST_SAID.search(sentence)
    small = at_once or _PROPOSED.search(sentence) or _is_of_the_week(value, rule) or _is_done_here(value, detail, rule)
    if small or any(vague.search(value) for vague in _TOO_LITTLE) or _aims_at_nothing(value) or lacks_company(value):
        return "says not which, not with whom, or it is done"
    undated = rule in _MERE_WILL and detail and (_DURATION.fullmatch(detail) or not _DATED.search(detail))
    not_once = value.startswith("not ") and not detail and not _LASTING.search(value)
    at_work = _is_a_job(value, detail, sentence)
    if _PASSING.search(sentence) or undated or not_once or at_work or _not_meant(sentence):
        return "passing"
    if (_VAGUE_PLAN.match(value) and not _RESOLVED.search(value)) or _LOOSE_END.search(value):
        return "stop phrase"
    return "" if _tells(words, detail) else "stop phrase"


_WORK = alternatives("teaching working managing coaching nursing tutoring lecturing supervising instructing serving")
_AT_WORK = re.compile(rf"(?:will|['\u2019]ll|\bill) (?:\w+ )?be {_WORK}\b", re.IGNORECASE)
_A_GRADE = re.compile(r"for (?:the )?\d+(?:st|nd|rd|th)")  # "for 3rd" of "for 3rd grade"


def _is_a_job(value: str, detail: str, sentence: str) -> bool:
    """ "I will be teaching all the subjects": what a job is, and no promise for a day."""
    undated = not detail or _A_GRADE.fullmatch(detail)
    return bool(undated) and value.partition(" ")[0].endswith("ing") and _AT_WORK.search(sentence) is not None


def _not_meant(sentence: str) -> bool:
    """Whether it is feared, a habit ("I always intend to go"), or was meant once."""
    return any(one.search(sentence) is not None for one in (_NOT_YET_MEANT, _HABIT, _MEANT_ONCE))


def _tells(words: Sequence[str], detail: str) -> bool:
    """Whether more is said than when, and that something will be done."""
    said = set(words) - set(words_of(detail)) - _IDLE_WORDS
    return bool(said) and (bool(detail) or words[0] not in {"get", "see", "use", "look", "check", "watch", "give"})


_WHEN = word_set("next month year week summer winter spring autumn fall weekend soon in")


_ABOUT_WHEN = re.compile(
    r"starting (?:to\b|[A-Z]\w+ \d+$)|"
    r"(?:moving|leaving|going|coming|starting)(?: in| out)? (?:in )?(?:about|like|around) \w+ \w+$"
)


_DUE = alternatives("deadline due submission final start starting")
_OF_NOTHING = re.compile(
    rf"^(?:(?:the|my|our|new) )?{_DUE}:? (?:(?:by|on|for|of|is) )?(?:{MONTHS})? ?[\d, ]*$", re.IGNORECASE
)
_HOUR = re.compile(r"\d ?(?:am|pm)$|\d:\d\d$", re.IGNORECASE)
_FEARED = re.compile(r"\b(?:thought|afraid|worried) (?:\w+ )?i\b|\bstart to (?:lose|feel|get)\b", re.IGNORECASE)


_KIN = alternatives(
    "son daughter mom mum dad mother father wife husband sister brother kid kids child boyfriend girlfriend friend "
    "dog cat "
    "baby parents"
)
_NO_DATE = re.compile(
    r"24/7|\bfor (?:about |only )?(?:\d+|an?|two|three|four|five|six|seven|ten) (?:day|week|month|hour|night)s?$|"
    r"^(?:trip|visit|vacation): \d+ \w+$|\b\d+ (?:hours?|minutes?)$|\d till \d|"
    rf"\bin the \d|^running \d|\bper week\b|\bdon't\b|\bsoon$|\b(?:will|is|has|was|are):|: until\b|\b(?:his|her|"
    rf"their) \w|"
    rf"\band (?:want|need)\b|^{_KIN}(?: girl| boy)?(?:'s)?:|: (?:sun|sat|mon|wed|thu|fri|may|mar)$|"
    r", and (?:will|the|we|i)\b|^gym\b|^first vacation\b|"
    r"\b(?:a new jobs|soon, and)\b"
)


_SAYS_HOW = re.compile(r"\b(?:can|could|might|would|should|must) (?:be|get|feel|take|mean)\b")


_TWO_THINGS = re.compile(r"[^:]* and (?:the|my|our) [^:]*:")  # "faculty and the competition: 3 March"


def date_objection(value: str, sentence: str) -> str:
    """Why it is no date that still means something next week: no hour, no deadline of nothing."""
    loose = _OF_NOTHING.match(value) or _TWO_THINGS.match(value) or _GOING_NOWHERE.match(value)
    if loose or _NO_DATE.search(value) or _SAYS_HOW.search(value):
        return "says not of what"
    told_once = any(one.search(sentence) for one in (_MEANT_ONCE, _FEARED))
    if _HOUR.search(value) or told_once:
        return "passing"
    if set(words_of(value)) <= _IDLE_WORDS | _WHEN:
        return "stop phrase"
    if _ABOUT_WHEN.match(value):
        return "passing"
    return "passing" if points(value) or _NEXT_DAY.search(value) or _PASSING.search(value) else ""
