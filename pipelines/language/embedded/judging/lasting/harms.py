"""What nobody would sign in a profile: to harm somebody, a crime, or an insult of a whole group, said to provoke."""

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.lexicon import RELATIONS
from pipelines.language.embedded.grammar.words import alternatives, first_words
from pipelines.language.embedded.judging.stumps import words_of
from pipelines.work import late_patterns as re

_SIGNED = frozenset[Category](
    ["interest", "preference", "belief", "commitment", "decision", "project", "life_context", "occupation"]
)
_PEOPLES = alternatives(
    "jews muslims blacks asians mexicans latinos hispanics gays lesbians immigrants foreigners migrants refugees arabs "
    "africans gypsies women womans girls christians hindus indians homosexuals transgenders feminists prostitutes "
    "addicts jewish"
)
_KINDS_OF_PEOPLE = alternatives(
    "black white brown gay trans fat old poor disabled colo(u)red homeless jewish muslim autistic"
)
_GROUPS = (
    rf"(?:{_PEOPLES}|(?:{NATIONS})s|(?:{_KINDS_OF_PEOPLE}|{NATIONS}) "
    r"(?:people|person|folks?|men|women|kids|girls|guys|lives?))"
)
_OF_A_GROUP = re.compile(rf"\b(?:{_GROUPS})\b", re.IGNORECASE)
_DISLIKED_GROUP = re.compile(
    rf"dislikes (?:(?:women|female) drivers|(?:(?:all|most|the|these|those) )?(?:(?:{_GROUPS})|men|whites))$|"
    r"dislikes it when people speak\b",
    re.IGNORECASE,
)
_SLURS = re.compile(
    rf"\b{alternatives('nigga(s) nigger(s) fag(s) faggot(s) kike(s) spic(s) chink(s) tranny trannies')}\b",
    re.IGNORECASE,
)
_INSULTS = alternatives(
    "inferior superior stupid dumb evil disgusting gross animals vermin criminals terrorists dirty lazy subhuman scum "
    "trash parasites sinners immoral sick worthless bad ugly weak dangerous violent thieves rapists idiots savages "
    "a_plague a_disease mentally_ill less_intelligent less_than not_human not_people not_equal"
)
_PENALTIES = alternatives(
    "killed neutered deported banned shot hanged hung sterilised sterilized locked gassed eliminated exterminated "
    "jailed executed eradicated enslaved lynched illegal"
)
_INSULTED = re.compile(
    rf"\b(?:is|are) (?:all |just |so |really |naturally |very |mostly )*{_INSULTS}\b|\bcan never\b|\bshould (?:all )?"
    rf"(?:be {_PENALTIES}|die|go back|stay (?:home|in|at)|obey)\b|"
    r"\b(?:shouldn['\u2019]?t|should not) (?:be (?:allowed|able)|have|get|vote|work|marry|drive)\b|"
    r"\b(?:do not|don['\u2019]?t) deserve\b|\bbelong in\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:deserves?|matters?|equal|souls?|human|rights)\b", re.IGNORECASE)
_ALL_OF_US = re.compile(rf"\b(?:people|everyone|everybody|humans?)\b.*\bshould (?:all )?(?:be {_PENALTIES}|die)\b")
_LEAD = (
    r"^(?:(?:likes|plans|aims|hopes|wants|decided|planning|intends|promised|will|goal|project)\b:? ?)?"
    r"(?:(?:to|on|of|a|an|the|by) )*"
)
_CRUELTIES = (  # whatever stands behind them
    "murder(ing) rape raping torture torturing molest(ing) kidnap(ping) abduct(ing) lynch(ing) behead(ing) "
    "strangle strangling drugging druging massacre massacring dismember(ing) swatting masturbating"
)
_TOLD_IN = alternatives(
    "myster(y) mysteries ballad(s) podcast(s) documentar(y) documentaries stor(y) stories novel(s) show(s) drama(s) "
    "film(s) movie(s) board book(s) case(s) trial(s) game(s) series part(y)"
)
_CRUEL = re.compile(rf"{_LEAD}{alternatives(_CRUELTIES)}\b(?! {_TOLD_IN}\b)", re.IGNORECASE)
_HURTING = (
    "kill(ing) shoot(ing) hit(ting) beat(ing) choke choking poison(ing) hurt(ing) harm(ing) burn(ing) attack(ing) "
    "bomb(ing) bully(ing) humiliate humiliating smack(ing) slap(ping) punch(ing) gas(sing) abuse abusing stalk(ing) "
    "drown(ing) bite biting stab(bing) harass(ing) threaten(ing) blackmail(ing) scam(ming) enslave enslaving rob(bing) "
    "robing eat(ing) drug execute executing spank(ing) grope groping smother(ing) whip(ping) cut(ting)"
)
_KIN = "|".join(sorted(map(re.escape, RELATIONS), key=len, reverse=True))
_SOMEBODY = (
    rf"(?:people|persons?|humans?|girls?|boys?|women|woman|man|men|kids?|children|child|someone|somebody|everyone|"
    rf"everybody|strangers?|victims?|students?|guys?|neighbou?rs?|boss|animals?|cops?|police|"
    rf"politicians?|president|nerds|losers|myself|him|her|them|{_KIN}|{_GROUPS})"
)
_BETWEEN = (
    r"(?: (?!time\b|with\b|for\b|at\b|in\b|by\b|from\b|to\b|of\b|off\b|than\b|like\b|on\b|and\b|while\b)[\w-]+){0,5}?"
)
_HURTS = re.compile(rf"{_LEAD}{alternatives(_HURTING)}{_BETWEEN} {_SOMEBODY}\b(?!['\u2019])", re.IGNORECASE)
_CRIMES = re.compile(
    rf"{_LEAD}(?:rob(?:bing)? (?:an?|the|my|some|banks?|stores?|houses?)\b|(?:blow(?:ing)? up|bomb(?:ing)?) "
    r"(?:an?|the|my|some) \w+|steal(?:ing)?(?:$| (?!bases?\b|the (?:show|ball|scene)|hearts?\b|time\b)\w)|shoplift\w*|"
    r"arson\b|setting (?:\w+ )?(?:on fire|fire to|fires)|impersonat\w+ (?:an? )?(?:police|cops?|officers?)|"
    r"throw(?:ing)? (?:\w+ )?(?:rocks|bricks|stones) (?:\w+ ){0,2}?(?:off|at)\b)|\bdemand money\b|"
    r"\b(?:using|use) a (?:gun|knife) to\b|\bschool shooting\b|"
    r"\b(?:mak|build)(?:e|ing)? (?:an? |pipe )*(?:bombs?|meth)\b|"
    r"\bpoison(?:ing)? (?:my|his|her|their|our) (?!rats?\b|mice\b|weeds\b)\w",
    re.IGNORECASE,
)
_BODIES = re.compile(
    r"\bhuman (?:blood|flesh|meat)\b|\bdrink(?:s|ing)? (?:the |\w+['\u2019]s )?blood\b(?! orange)|\bcannibalism$|"
    r"\bsex(?:ing|ting)?\b(?! (?:and the|education|pistols|therap|workers?|ed\b|determination|chromosomes?))|"
    r"\b(?:boobs?|tits|dicks?|puss(?:y|ies)|(?<!pork )(?<!boston )butts?|porn\w*)\b|"
    r"\b(?:curse|swear|bad|dirty|cuss) words$|\bdirty jokes$|^(?:hard |illegal )?drugs$",
    re.IGNORECASE,
)
_WORDS_OF_HARM = first_words(  # of which a value has one that any of these patterns matches
    f"{_CRUELTIES} {_HURTING} blow blowing steal stealing shoplift shoplifting arson setting impersonate impersonating "
    "throw throwing demand using use school make making build building human drink drinks drinking cannibalism boob(s) "
    "tits dick(s) pussy pussies butt(s) porn porno pornography sex sexing sexting curse swear bad dirty cuss drugs"
)
_TRADES = re.compile(
    r"\b(?:arsonist|murderer|killer|rapist|hit ?man|thief|terrorist|pa?edophile|kidnapper|drug dealer|assassin|robber|"
    r"burglar|cannibal|pimp)$",
    re.IGNORECASE,
)
_GAMES = alternatives(
    "game(s) gaming gta grand_theft_auto minecraft elden_ring skyrim roblox fortnite call_of_duty cod pubg "
    "hitman dark_souls zombie(s) npc(s) level(s) chess poker paintball laser_tag among_us mafia werewolf cards "
    "tennis checkers mario dnd d&d scrabble monopoly trivia pool darts ping_pong novel(s) book story"
)
_PLAYED = re.compile(rf"\b(?:{_GAMES}|boss(?:es)? (?:in|fights?))\b", re.IGNORECASE)


def nobody_signs(candidate: Candidate, sentence: str) -> bool:
    """Whether it tells of harm, of a crime or of an insult: "drugging girls", "gay people should be neutered"."""
    if candidate.category not in _SIGNED:
        return False
    value = candidate.value
    if candidate.category == "occupation":
        return _TRADES.search(value) is not None
    if candidate.category == "belief" or " thinks " in value:
        return _insults(value)
    if value.startswith("dislikes "):
        return _DISLIKED_GROUP.match(value) is not None or _SLURS.search(value) is not None
    if _WORDS_OF_HARM.isdisjoint(words_of(value)):
        return False
    cruel = any(one.search(value) for one in (_CRUEL, _CRIMES, _HURTS, _BODIES))
    return cruel and not _PLAYED.search(sentence)


def _insults(value: str) -> bool:
    if _ALL_OF_US.search(value):
        return True
    if not _OF_A_GROUP.search(value) and not value.startswith("does not think humans"):
        return False
    return (_DENIED if value.startswith("does not ") else _INSULTED).search(value) is not None


_CRIMES_TOLD = "murders strangles kidnaps beheads slaughters dismembers tortures rapes"
_KILLS = "kills shoots stabs poisons robs buries drowns chokes"
_ANY_VICTIMS = alternatives(
    "girl boy people guard cop neighbo(u)r teacher stranger king queen someone somebody everyone everybody body bodies "
    "corpse"
)
_VICTIMS = rf"(?:{_KIN}|[a-z]+(?:man|woman|men|women)|{_ANY_VICTIMS})"
_STORY_WORDS = (*_CRIMES_TOLD.split(), *_KILLS.split(), "hides", "dumps", "gets ", " dies")
_CRIME_STORY = re.compile(
    rf"\b{alternatives(_CRIMES_TOLD)}\b(?! (?:myster|podcast|documentar|book|show))|"
    rf"\b{alternatives(_KILLS)} (?:(?:the|an?|our|my|his|her|their|another|two|three|old) )*{_VICTIMS}s?\b|"
    r"\b(?:hides|buries|dumps) (?:the|his|her) (?:body|bodies|corpse)\b|"
    rf"\b(?:my|our|his|her|the) (?:\w+ )?(?:{_KIN}) dies\b(?! (?:his|her|their|my|of laughter))|"
    r"\bgets (?:murdered|stabbed|strangled|beheaded|poisoned|kidnapped)\b",
    re.IGNORECASE,
)


def tells_of_crimes(sentence: str) -> bool:
    """Whether it is a tale in the present: "my brother murders our mom, then my wife sneaks out" has nobody's kin."""
    low = sentence.lower()
    return any(word in low for word in _STORY_WORDS) and _CRIME_STORY.search(sentence) is not None
