"""Whether a decision is a whole, lasting choice that can be read alone: no dish, no title, no step of a story."""

from pipelines.language.embedded.grammar.lexicon import MONTHS, SEASONS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.resolves.intents import DEVICES, SMALL, WEIGHTY
from pipelines.language.embedded.judging.shapes import feels
from pipelines.language.embedded.judging.stumps import passes, points, words_of
from pipelines.work import late_patterns as re

_COMPANY = word_set("friend friends family group guys girls parents mom mum dad wife husband")
_LEFT_OPEN = alternatives(
    "watching looking trying reading using getting making playing replying checking answering following"
)
_WHEN = alternatives("at when in around after before for like years half once until last then since early halfway")
_LOOSE_CHOICE = re.compile(
    rf"^(?:switch|switched|switching) (?:over )?to (?:(?:an?|my|another|the) )?{DEVICES}$|"
    r"^(?:an? |my |some )?(?:\w+ )?(?:group|bunch|couple|lot) of (?:friends|people|guys|us)\b|^the following\b|"
    r"^(?:influenced|based|made|driven|shaped|adopted) (?:by|on)\b|"
    r"^(?i:christmas|xmas|easter|thanksgiving|halloween|lunch|dinner|breakfast)$|"
    r"\bhere\b|^not to (?:say|tell|mention|answer)\b|^to pay (?:my|the|our)\b|"
    rf"^(?:go|going) with an? |^continue with |\b(?:my|our|your) ?sel(?:f|ves)\b|^(?:\w+ )?ones?$|^spontaneously |"
    rf"^(?:quit|stopped|dropped) {_LEFT_OPEN}(?: {_WHEN}\b.*)?$|"
    rf"^(?:quit|stopped|dropped|cancelled) {_WHEN}\b|"
    r"\b(?:that|which|who) \w|\b(?:about|with|for|to|from)$"
)
_COOKED = re.compile(
    r"(?:cooking|making|baking|ordering|eating|watching|wearing|getting) (?:some|an?|the|my)\b|"
    r"(?:to )?(?:pick|picked) up (?:another|an? (?:second|new))\b"
)
_MEANT_ONCE = re.compile(r"\b(?:was|were) (?:\w+ )?(?:going|gonna|about|planning|supposed) to\b", re.IGNORECASE)

_AS_A_CHILD = re.compile(  # "I gave up handball when I was 15"
    r"\b(?:when|after|since|until) (?:i|we) (?:was|were) (?:about |around |only |just )?"
    r"(?:\d|1\d|a (?:kid|child|teen\w*)|little|young)\b|"
    r"\bas a (?:kid|child|teen\w*)\b",
    re.IGNORECASE,
)

# What is let go of, or agreed to, without saying what: "dropped my phone", "gave up the others", "accepted the offer".
_LET_FALL = re.compile(
    r"^dropp(?:ed|ing) (?:(?:my|an?|his|her|some|like|about|the [a-z]+$)\b|\d)"
    r"(?!.*\b(?:class|course|major|minor|plan|idea|support|degree)\b)"
)
_OTHER_THAN_WHAT = re.compile(
    r"^(?:gave|giving) up (?:and|the|on|trying|making|those|that)\b|"
    r"^(?:to )?switch(?:ed|ing)? (?:to )?(?:my )?majors?\b(?! (?:from|to)\b)|"
    r"^agreed (?:on|to|with) (?:both|the|that|only|most)\b|"
    r"^(?:agreed|accepted|gave up|given up) .*\b(?:\d|two|three) (?:\w+ )?(?:food|water|firewood|wood|items?)\b|"
    r"^(?:accept(?:ed|ing)?|reject(?:ed|ing)?|turned down) (?:the|an?|that|their) "
    r"(?:\w+ )?(?:offer|job|proposal|place)$|"
    r"^cancelled (?:my|the|our) (?:subscription|membership|account|order|flight|trip|appointment)s?$|"
    r"^not to \w+(?: (?:through|along|in|out|up|back))?$|\b(?:both|most|many) of\b|"
    r"^(?:to )?choose one\b|^no more than\b"
)
_ONE_SPOKEN_OF = re.compile(r"^(?!against |.* (?:for|as|over) )(?:[\w-]+ ){1,3}the [a-z]+$")  # "end the conversation"
_INSIDE_A_STORY = re.compile(
    r"^(?:would|wanted|was|were|did|didn['\u2019]t|could|had|needed|should|might)\b|"
    r"^(?:go (?:get|pro|and|try)|run away|set an?|load up|build an?|join the|finish the|end the|wait|hide|"
    r"follow through)\b"
)
_ACTS = alternatives(
    "use(d) using switch(ed) switching migrate(d) migrating replace(d) replacing swap(ped) swapping drop(ped) "
    "dropping quit quitting stop(ped) stopping give(n) gave giving cancel(led) ditch(ed) ditching adopt(ed) "
    "agree(d) accept(ed) accepting reject(ed) turned against leave not to_not no_more no_longer buying selling "
    "hiring moving taking renting homeschool limit stay go apply keep write live break shift delay expand "
    "restructure start study become move marry sell hire rent retire split choose focus prioritize prioritise "
    "integrate converting combine abandon(ed) abandoning learn train teach pursue volunteer enrol enroll save invest"
)
_ACT = re.compile(rf"^(?:to (?=\w)|{_ACTS}\b|[a-z]+e? (?:my|our|the|a|an|from|to|in|on|for)\b)")
_RATHER = re.compile(r"\b(?:over|instead of|rather than)\b| (?:and|but) not [a-z]| not (?:the|an?|for) [a-z]")
_NOT_THAT = re.compile(r"\w not (?!to\b)[a-z]")
_IN_A_MONTH = re.compile(rf"\b(?:in|from|next) (?:{MONTHS}|{SEASONS}|year)\b(?! \d{{4}})", re.IGNORECASE)
_FOR_WHAT = re.compile(
    r" (?:for|as) (?:the|my|our|an?) (?!(?:\w+ )?(?:aspect|sake|reason|moment|while|day|night|weekend|time)\b)\w"
)
_KEPT_FOR_YEARS = alternatives(
    "roof tiles boiler heating carpet floor flooring kitchen windows car van bike house flat apartment school college "
    "university contract contractor mba degree major minor insurance bank surgery treatment therapy venue database "
    "framework language architecture backend frontend rendering"
)
_KEPT = re.compile(rf"\b{_KEPT_FOR_YEARS}$", re.IGNORECASE)
_OF_A_NAME = re.compile(r" of [A-Z]")
_BY_THE_CLOCK = re.compile(r"^\d")
_VERSION = re.compile(r"^version \d")


_TECHNICAL = alternatives(
    "commit line variable function index column loop method class array pointer node header parameter argument import "
    "tag row character element string"
)
_A_STEP = re.compile(rf"^(?:to )?\w+ (?:up |out |down )?(?:the|an?|our|this|each|all) (?:\w+ )?{_TECHNICAL}s?\b")
_PARTS_OF_A_LESSON = alternatives(
    "step example case section commit code lesson line figure chapter part exercise query function"
)
_EXPLAINED = re.compile(  # "That is, we replaced ...", "In this step we dropped ..."
    r"^\W*(?:that is|i\.e\.|in other words|here|note that|as (?:you|we) (?:can )?see|"
    r"(?:in|for|at) (?:this|the (?:next|previous|first|second|third|last|above)) "
    rf"{_PARTS_OF_A_LESSON}),? (?:\w+ )?we\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\bwe\b", re.IGNORECASE)
_ANOTHER_ONE = re.compile(r"\b(?:the|an?|our|my) (?:new|old|other|last|previous) ones?\b")


def _is_a_step(value: str, sentence: str) -> bool:
    """Whether a lesson or an explanation takes it: "we replaced the last commit with our new one"."""
    if _ANOTHER_ONE.search(value) or _EXPLAINED.match(sentence):
        return True
    return _A_STEP.match(value) is not None and _WE.search(sentence) is not None


_STATES = re.compile(r"\b(?:is|are|was|were|has)\b")
_PROPOSED = re.compile(r"\b(?:let'?s|shall we|(?:should|could|can|might) (?:i|we))\b", re.IGNORECASE)
_ACTS_OF_AN_HOUR = alternatives(
    "listen talk speak go_fishing go_out go_ahead go_home go_back go_for go_to_the go_to_a concentrate renting_a_car "
    "take_a "
    "take_my help ask tell call try check watch make_a make_the make_some over intentions the_intention"
)
_LEFT_AT_ONCE = alternatives("a an the last yesterday recently in on at")
_OF_THE_HOUR = re.compile(
    rf"^(?:to )?{_ACTS_OF_AN_HOUR}\b|^quit (?:{_LEFT_AT_ONCE}\b|\d)|^gave up (?:folding|on|hope|looking)\b|"
    r"^agreed to (?:meet|go|come|take|help|see)\b(?!.* every )|"
    r"^switch\w* (?:back|topics?|gears|subjects?)\b|^(?:to )?use (?:an?|the|this|that|these|it) [a-z]+$|"
    r"^adopted (?:in|the|of)\b|^(?:converting|data|moved on|upgraded|pick)\b"
)
_OF_OTHERS = re.compile(
    r"\bsomething else\b|\b(?:option|approach)$|\b(?:his|her|their) \w|\bfriends to\b|\bas an? \w+ date$"
)


def decision_objection(value: str, sentence: str, rule: str) -> str:
    """Why it is no decision that matters next week."""
    words = words_of(value)
    if len(words) == 1 and (value.islower() or rule == "decisions.choose"):
        return "says not for what"
    if points(value) or passes(sentence) or _is_small(value, sentence) or _is_of_the_hour(value, sentence):
        return "passing, or small"
    if feels(value) or _LOOSE_CHOICE.search(value) or _shown(value, sentence) or lacks_company(value):
        return "passing, or says not with whom"
    if (len(words) < 6 and words[-1] in _COMPANY) or _is_a_step(value, sentence):
        return "company, or a step"
    if any(one.search(value) for one in (_LET_FALL, _OTHER_THAN_WHAT, _ONE_SPOKEN_OF, _INSIDE_A_STORY)):
        return "says not which, or a step of a story"
    return "" if _says_what_was_settled(value, rule) else "a thing, and not what for"


def _is_of_the_hour(value: str, sentence: str) -> bool:
    """Proposed, meant once, of others, or done within the hour."""
    once = _PROPOSED.search(sentence) or _MEANT_ONCE.search(sentence) or _AS_A_CHILD.search(sentence)
    return once is not None or any(one.search(value) for one in (_OF_THE_HOUR, _OF_OTHERS, _STATES))


_HAS_DECIDED = re.compile(r"(?:\b(?:have|has)|'ve) (?:\w+ )?decided\b", re.IGNORECASE)


def _is_small(value: str, sentence: str) -> bool:
    small = SMALL.match(value.removeprefix("to ")) or _COOKED.match(value)
    return small is not None and not (WEIGHTY.search(value) or _is_far_ahead(value, sentence))


_OF_A_THING = frozenset(["decisions.choose", "decisions.go_with", "decisions.decide", "decisions.ended"])


def _is_far_ahead(value: str, sentence: str) -> bool:
    """ "I have decided to take the train to Santa Fe in October"."""
    return _IN_A_MONTH.search(value) is not None and _HAS_DECIDED.search(sentence) is not None


def _says_what_was_settled(value: str, rule: str) -> bool:
    """Whether a thing ("the e-book format", "Mistborn") comes with what it is for, or instead of what."""
    if rule not in _OF_A_THING or _ACT.match(value) or " " not in value:  # a name alone: "Postgres"
        return True
    if _BY_THE_CLOCK.match(value) or _VERSION.match(value):
        return False
    rather = _NOT_THAT.search(value) is not None and _IN_A_MONTH.search(value) is not None
    return rather or any(one.search(value) for one in (_RATHER, _FOR_WHAT, _KEPT, _OF_A_NAME))


def _shown(value: str, sentence: str) -> bool:
    """Whether it is one that was spoken of: "that spot", "adopted her", "gave up mower" of "gave up on that mower"."""
    if re.search(r"\b(?:her|him|one of (?:my|our) own)\b", value):
        return True
    thing, low = _LET_GO.sub("", value), sentence.lower()
    shown = any(f"{word} {thing.lower()}" in low for word in ("that", "this", "these", "those"))
    return shown and re.search(rf"\b(?:that|this|these|those) {re.escape(thing)}", sentence, re.IGNORECASE) is not None


_LET_GO = re.compile(r"^(?:dropped|gave up|quit|stopped|ditched|abandoned|accepted|rejected|cancelled) (?=\w)")
