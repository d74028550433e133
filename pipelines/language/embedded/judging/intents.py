"""Whether a belief, decision, commitment, project or date is worth keeping: not a plan for tonight, nor small talk."""

import re

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.shapes import feels
from pipelines.language.embedded.judging.stumps import begins_with_a_helper, passes, points, words_of

LONGEST_COMMITMENT = 16  # words
_NOT_BELIEFS = word_set(
    "much far way even across to for in on at with from by about like after before have thought not been and just "
    "mostly key maybe more less all most something"
)
_UNNAMED = word_set("it this that these those them they he she him we you your i i'm i'll it's there here theres ya")
_VALUED = re.compile(
    r"cares about (?:people|others|everyone)$|"
    rf"appreciates |(?:does not )?(?:values?|supports?|trusts?) {alternatives('the its them it any your how when')}\b"
)
_TOLD = re.compile(r"\b(?:was|were|had|did|would|gonna|might|maybe|probably|kinda|needed|should have|could have)\b")
_SMALL_ACTS = alternatives(
    "make cook eat get watch try have do order stay sleep wait see look check relax visit buy start go_out go_to_bed "
    "go_home go_for go_and go_have go_see go_watch go_to_the go_back go_to take_a take_some take_the take_my give_it "
    "play read call put sit grab clean walk come bring explore wear freshen need needed getting taking change_the "
    "change_my_hair spend share open_the tell ask let"
)
_SMALL = re.compile(rf"{_SMALL_ACTS}\b", re.IGNORECASE)
_WEIGHTY_THINGS = alternatives(
    "job offer house flat apartment home degree course school university college company business phd marathon "
    "treatment surgery visa divorce baby career contract loan mortgage investment pension year masters therapy "
    "children kids dog cat puppy"
)
_WEIGHTY = re.compile(rf"\b{_WEIGHTY_THINGS}\b", re.IGNORECASE)
_COMPANY = word_set("friend friends family group guys girls parents mom mum dad wife husband")
_PHRASES_OF_CHAT = alternatives(
    "talk_again talk_to_you talk_tomorrow talk_later talk_soon chat_again chat_tomorrow chat_later catch_up "
    "let_you_know keep_you see_you text_you call_you speak_soon speak_tomorrow check_it your_advice your_words "
    "your_suggestion your_help your_support pay_attention do_my_best try_my_best keep_trying keep_going keep_it "
    "be_careful think_about follow_your practice_more improve_my improve_myself"
)
_IDLE_STATES = alternatives("better patient positive able back there fun great nice good sure")
_SOCIAL = re.compile(
    rf"\b(?:{_PHRASES_OF_CHAT}|let (?:her|him|them) know|"
    r"look into (?:it|that)|work on (?:it|that)|remember (?:that|this)|"
    rf"give it a (?:try|go|shot)|be {_IDLE_STATES})\b",
    re.IGNORECASE,
)
_VAGUE_PLAN = re.compile(
    r"(?:plans (?:to|on) |planning |hopes to |aims to )?(?:try|trying|keep|do|doing|make it|making it)\b"
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


_UNCLEAR = re.compile(
    r"^(?:does not believe|believes) in the [a-z]+$|^my\b|\bsuch\b|"
    r"^(?:believes|does not believe) in \d|^does not (?:think|believe) (?:that|one|this|it)\b"
)
_DEIXIS = word_set("the these those our his her their some any")
_WITHOUT_OBJECT = re.compile(r"\b(?:pay|have|want|need|use|like|take|make|give|get|buy)$")


def belief_objection(value: str) -> str:
    """Why it tells of no conviction."""
    words = words_of(value)
    if words[0] in _DEIXIS or value.endswith("'s") or any(one.search(value) for one in (_UNCLEAR, _WITHOUT_OBJECT)):
        return "points elsewhere"
    if begins_with_a_helper(value) and not value.startswith("does not"):
        return "begins inside a clause"
    if len(words) < 2 or (words[0] in _NOT_BELIEFS and not value.startswith("does not")):
        return "stop phrase"
    if not _UNNAMED.isdisjoint(words):
        return "points elsewhere"
    return "passing" if _VALUED.match(value) or passes(value) or _TOLD.search(value) else ""


_DEVICES = alternatives("computer phone laptop device tablet")
_LEFT_OPEN = alternatives("watching looking trying reading using getting making playing")
_LOOSE_CHOICE = re.compile(
    rf"^(?:switch|switched|switching) (?:over )?to (?:(?:an?|my|another|the) )?{_DEVICES}$|"
    r"^(?:an? |my |some )?(?:\w+ )?(?:group|bunch|couple|lot) of (?:friends|people|guys|us)\b|^the following\b|"
    r"^(?:influenced|based|made|driven|shaped) (?:by|on)\b|"
    r"\bhere\b|^not to (?:say|tell|mention|answer)\b|^to pay (?:my|the|our)\b|"
    rf"^(?:go|going) with an? |^continue with |\b(?:my|our|your) ?sel(?:f|ves)\b|^(?:\w+ )?ones?$|^spontaneously |"
    rf"^(?:quit|stopped|dropped) {_LEFT_OPEN}(?: (?:at|when|in|around|after) .*)?$|"
    r"\b(?:that|which|who) \w|\b(?:about|with|for|to|from)$"
)


_COOKED = re.compile(
    r"(?:cooking|making|baking|ordering|eating|watching|wearing|getting) (?:some|an?|the|my)\b|"
    r"(?:to )?(?:pick|picked) up (?:another|an? (?:second|new))\b"
)


def _shown(value: str, sentence: str) -> bool:
    """Whether it is one that was spoken of: "that spot", "adopted her"."""
    return (
        re.search(r"\b(?:her|him|one of (?:my|our) own)\b", value) is not None
        or re.search(rf"\b(?:that|this|these|those) {re.escape(value)}", sentence, re.IGNORECASE) is not None
    )


_MEANT_ONCE = re.compile(r"\b(?:was|were) (?:\w+ )?(?:going|gonna|about|planning|supposed) to\b", re.IGNORECASE)


def decision_objection(value: str, sentence: str, rule: str) -> str:
    """Why it is no decision that matters next week."""
    if points(value) or passes(sentence) or _MEANT_ONCE.search(sentence):
        return "passing"
    if len(words_of(value)) == 1 and (value.islower() or rule == "decisions.choose"):
        return "says not for what"
    if (_SMALL.match(value.removeprefix("to ")) or _COOKED.match(value)) and not _WEIGHTY.search(value):
        return "small"
    words = words_of(value)
    if feels(value) or _LOOSE_CHOICE.search(value) or _shown(value, sentence) or lacks_company(value):
        return "passing, or says not with whom"
    return "company" if len(words) < 6 and words[-1] in _COMPANY else ""


_NOWHERE = re.compile(
    r"\b(?:explore|see|visit|tour) the (?:city|area|place|town|country|region)\b|\bthere\b|"
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
    return _GOAL_OF_WHAT.match(value) is not None and not _WEIGHTY.search(value)


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
    rf"^(?:moving|going|staying|leaving) {_FOR_A_WHILE}$|^(?:switch|switching) to (?:(?:an?|my|another) )?{_DEVICES}$"
)
_TOO_LITTLE = (_SAYS_LESS, _NOWHERE, _WHICH_ONES, _ANY_THING, _OF_AN_EVENING, _NO_MORE_THAN_WHEN, _PAST_STORY)


def commitment_objection(value: str, detail: str, sentence: str, rule: str) -> str:
    """Why it is no plan or promise that somebody should be reminded of."""
    words = words_of(value)
    if not 2 <= len(words) <= LONGEST_COMMITMENT:
        return "runs on"
    if points(_THIS_TIME.sub("", value)) or _SOCIAL.search(value) or _THE_NEXT_TIME.search(sentence):
        return "small talk"
    if any(vague.search(value) for vague in _TOO_LITTLE) or _aims_at_nothing(value) or lacks_company(value):
        return "says not which, not with whom, or it is done"
    undated = rule in _MERE_WILL and detail and (_DURATION.fullmatch(detail) or not _DATED.search(detail))
    not_once = value.startswith("not ") and not detail and not _LASTING.search(value)
    if _PASSING.search(sentence) or undated or not_once or _NOT_YET_MEANT.search(sentence):
        return "passing"
    if (_VAGUE_PLAN.match(value) and not _RESOLVED.search(value)) or _LOOSE_END.search(value):
        return "stop phrase"
    return "" if _tells(words, detail) else "stop phrase"


def _tells(words: list[str], detail: str) -> bool:
    """Whether more is said than when, and that something will be done."""
    said = set(words) - set(words_of(detail)) - _IDLE_WORDS
    return bool(said) and (bool(detail) or words[0] not in {"get", "see", "use", "look", "check", "watch", "give"})


_WHEN = word_set("next month year week summer winter spring autumn fall weekend soon in")


_ABOUT_WHEN = re.compile(
    r"starting (?:to\b|[A-Z]\w+ \d+$)|"
    r"(?:moving|leaving|going|coming|starting)(?: in| out)? (?:in )?(?:about|like|around) \w+ \w+$"
)


def date_objection(value: str) -> str:
    """Why it is no date that still means something next week."""
    if set(words_of(value)) <= _IDLE_WORDS | _WHEN:
        return "stop phrase"
    if _ABOUT_WHEN.match(value):
        return "passing"
    return "passing" if points(value) or _NEXT_DAY.search(value) or _PASSING.search(value) else ""
