"""Open frames of "I am ..." and "I have ...", by shape: any lasting state, such as "left-handed" or "bad knees"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, is_habit, vague
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import RELATIONS
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives

_SKIP = re.compile(
    r"\s*(?:(?:currently|now|also|both|originally|proudly|really|actually|basically|very|pretty|quite|so|just|"
    r"more of|kind "
    r"of|sort of|only|still|almost|severely|mildly|slightly|partially|legally|profoundly|totally|clinically|mostly|"
    r"practi[sc]ing|devout|lapsed|strict|lifelong|non-practi[sc]ing|newly|recently|happily|self-|raised)\s+)*",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?:an?|half|part|one of (?:\w+ )?(?:\w+ )?(?:children|kids|siblings|brothers|sisters)|the (?:only|youngest|"
    r"eldest|oldest|"
    r"mother|father|mum|mom|dad|founder|owner|head|ceo|cto|cfo|chair\w*|president|secretary|treasurer|captain|"
    r"manager|lead|"
    r"first in|main|primary|sole|proud|middle|breadwinner|father|parent))\s+\S",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"an?\s+(?:(?:little|bit|lot|few|while|mess|idiot|dummy|dumb\w*|fool|moron|wreck|minute|hurry|rush|loss|total|"
    r"complete|"
    r"huge|big|new (?:user|here)|step|member of your|victim|good (?:mood|place)|bad (?:mood|place)|user|"
    r"\w*ly (?:sure|certain|confident))\b(?!\s(?:fan|family|\w+er\b|\w+ist\b))|bit\b|little (?:confused|lost|bit))",
    re.IGNORECASE,
)
_TRAITS = (
    r"vegan|vegetarian|pescatarian|flexitarian|plant-based|keto|teetotal|sober|kosher|halal|muslim|christian|catholic|"
    r"protestant|jewish|jew|buddhist|hindu|sikh|atheist|agnostic|quaker|mormon|evangelical|lutheran|anglican|methodist|"
    r"baptist|pagan|wiccan|shia|sunni|jain|baha'i|spiritual|orthodox|dyslexic|dyspraxic|autistic|neurodivergent|"
    r"bipolar|"
    r"diabetic|pre-?diabetic|epileptic|asthmatic|an?emic|coeliac|celiac|deaf|blind|paraplegic|immunocompromised|"
    r"disabled|"
    r"(?:lactose|gluten|fructose|histamine|dairy)[- ]intolerant|(?:short|long|near|far)[- ]?sighted|colou?r[- ]?blind|"
    r"hard of hearing|partially sighted|left[- ]handed|right[- ]handed|ambidextrous|pregnant|menopausal|divorced|"
    r"widowed|"
    r"separated|single|married|engaged|polyamorous|gay|lesbian|bi(?:sexual)?|asexual|pansexual|trans(?:gender)?|"
    r"non-?binary|"
    r"queer|straight|bilingual|trilingual|multilingual|retired|semi-retired|unemployed|self-employed|"
    r"(?:fully )?remote|non-?smoker|freelance|redundant|"
    r"childless|childfree|adopted|homeschooled|self-taught|introverted|extroverted|shy|dual national|stateless|"
    r"claustrophobic|agoraphobic|arachnophobic|insomniac|nocturnal|housebound|tone[- ]deaf|bald|ginger|"
    r"conservative|liberal|left-wing|right-wing|socialist|libertarian|pacifist|feminist|pro-choice|pro-life|religious|"
    r"frugal|minimalist|stoic|debt[- ]free|hypothyroid|lactose|gluten[- ]free|dairy[- ]free|sugar[- ]free|nut[- ]free|"
    r"(?:five|six|four) (?:foot|feet)|hearing[- ]impaired|visually impaired|wheelchair[- ]bound|allergic|married"
)
_TRAIT = re.compile(rf"(?:{_TRAITS})\b", re.IGNORECASE)
NATIONS = alternatives(
    "American British English Scottish Welsh Irish French German Italian Spanish Portuguese Dutch Belgian Swiss "
    "Austrian Danish Swedish Norwegian Finnish Icelandic Polish Czech Slovak Hungarian Romanian Bulgarian Greek "
    "Turkish Russian Ukrainian Belarusian Lithuanian Latvian Estonian Serbian Croatian Bosnian Slovenian Albanian "
    "Macedonian Moldovan Georgian Armenian Azerbaijani Iranian Persian Iraqi Kurdish Syrian Lebanese Israeli "
    "Palestinian Jordanian Egyptian Moroccan Algerian Tunisian Libyan Sudanese Ethiopian Eritrean Somali Kenyan "
    "Ugandan Tanzanian Rwandan Nigerian Ghanaian Senegalese Congolese Angolan Zimbabwean Zambian South_African "
    "Indian Pakistani Bangladeshi Sri_Lankan Nepali Nepalese Tamil Punjabi Bengali Chinese Taiwanese Cantonese "
    "Japanese Korean Vietnamese Thai Cambodian Filipino Filipina Indonesian Malaysian Singaporean Australian "
    "Aussie Kiwi Maori Canadian Quebecois Mexican Guatemalan Honduran Salvadoran Costa_Rican Cuban Jamaican "
    "Haitian Dominican Puerto_Rican Colombian Venezuelan Peruvian Ecuadorian Bolivian Chilean Argentinian "
    "Argentine Uruguayan Brazilian Catalan Basque Afghan Kazakh Uzbek Mongolian Maltese Cypriot"
)
_NATION = re.compile(rf"(?:half |part |(?:a )?native |second[- ]generation )?(?:{NATIONS})\b")
_IN = re.compile(
    r"in (?:my (?:(?:early|mid|late)[- ]?)?(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|"
    r"\d0s|first|second|third|fourth|fifth|final|last|senior|junior|sophomore|freshman)|(?:an?|"
    r"the) (?:\w+ ){0,3}(?:band|choir|"
    r"orchestra|relationship|wheelchair|marriage|union|army|navy|military|reserves|police|fire service|suburbs|"
    r"countryside|"
    r"club|league|\w+ business|\w+ industry|process of)|marketing|sales|tech|finance|banking|healthcare|hr|"
    r"it\b(?= at)|law school|"
    r"insurance|education|retail|logistics|construction|real estate|hospitality|publishing|advertising|procurement|"
    r"manufacturing|medical school|med school|grad school|high school|college|university|secondary school|therapy|"
    r"recovery|"
    r"remission|debt|(?:year|grade) \d+|(?:\d+th|\w+th|first|second|third) (?:grade|year)|menopause|perimenopause|"
    r"charge of)\b",
    re.IGNORECASE,
)
_ON = re.compile(
    r"(?:on|off) (?:(?:an?|the|my) )?(?:[\w-]+ ){0,3}(?:board|committee|council|team|diet|visa|pension|medication|"
    r"meds|pill|leave|"
    r"list|spectrum|benefits|disability|shifts?|statins?|antidepressants|sabbatical|dialysis|chemo\w*|insulin|"
    r"warfarin|ssris?|"
    r"lithium|thinners|work|sick|alcohol|sugar|dairy|gluten|meat|caffeine|social media|keto|scholarship|budget of .*|"
    r"\d+ ?mg.*|\w+(?:ine|pram|pril|olol|statin|formin|thyroxine))\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:at|with|over at) (?:[A-Z]|(?:the|an?) (?:[\w-]+ ){0,3}(?:gym|university|school|college|bank|hospital|startup|"
    r"company|firm|agency|council|charity|ngo|studio|lab|pool|allotment|dojo|temple|church|mosque|stables?|range|court|"
    r"rink|bouldering|studio)\b)"
)
_DONE = re.compile(
    r"(?:halfway through|not much of a|named after|known as|nicknamed|trained (?:as|in)|certified|licen[cs]ed|"
    r"qualified|enrolled|employed|registered|chartered|fluent in|"
    r"conversational in|(?:good|bad|useless) (?:at|with)|terrible at|rubbish at|hopeless (?:at|with)|great at|"
    r"decent at|"
    r"proficient in|experienced (?:in|with)|"
    r"responsible for|in charge of|married to|engaged to|divorced from|descended from|close to my|estranged from|"
    r"vaccinated|homeless|sensitive to|phobic|prone to|addicted|dependent on|used to (?:cold|heat|hot)|new to|"
    r"comfortable (?:with|in)|uncomfortable with|proud of (?:my|our)|originally|saving (?:up )?for|due (?:in|on|"
    r"to give birth)|"
    r"member of|active in|involved (?:in|with)|self[- ]taught|homeschool\w*|lactose|out of work|between jobs|"
    r"up (?:at|by) \d|"
    r"colou?r[- ]?blind|self-conscious about|anxious (?:about|in|around)|scared of|afraid of|terrified of|"
    r"frightened of|"
    r"nervous (?:about|around)|intolerant|allergic|from|of \w+ (?:descent|heritage|origin)|born|based)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:about |around |roughly |only )?(?:\d['\u2019]\d{0,2}|\d{2,3} ?(?:cm|kg|kilos|pounds|lbs|centimet\w+)\b|"
    r"\d{1,2} stone|\d\.\d\d ?m\b|\w+ (?:foot|feet)\b)",
    re.IGNORECASE,
)
_GERUND = re.compile(r"([a-z]{2,}ing)\b(?:\s|$)")
_DOING = re.compile(
    r"(?:trying|looking|getting|using|thinking|wondering|asking|having|seeing|talking|referring|assuming|hoping|being|"
    r"running into|doing|going|making|working|writing|testing|waiting|feeling|sending|receiving|following|leaning|"
    r"kidding|joking|guessing|facing|starting|wanting|needing|missing something|experiencing|coming|calling|leaving|"
    r"something|nothing|anything|interesting|boring|amazing|freaking)\b"
)
_BECAME = re.compile(
    r"(?:\w+ly |just |also |once )*(?:raised|adopted|brought up|laid off|made redundant|fired|promoted|hired|"
    r"elected|diagnosed|"
    r"bullied|homeschooled|educated|named|drafted|deployed|stationed|married|engaged|divorced|widowed|baptised|"
    r"baptized|"
    r"accepted (?:to|into|by|at)|admitted (?:to|into)|awarded|evicted|deported|vaccinated|hospitali[sz]ed|orphaned)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"(?:an?|the|in the) .{3,60}?\b(?:for \w+ |until|before|in \d{4}|back in|from \d{4}|when i)", re.IGNORECASE
)
_HAD = re.compile(
    r"(?:\w+ )?(?:an? |my |two |three |\d+ )?(?:[\w-]+ )?(?:stroke|heart attack|surgery|operation|miscarriages?|"
    r"transplant|"
    r"c-section|bypass|accident|hysterectomy|baby|twins|son|daughter|covid|cancer|chemo\w*|concussion|"
    r"(?:hip|knee) replacement|appendix|tonsils|breakdown)\b",
    re.IGNORECASE,
)
_HAVE = re.compile(
    r"(?:(?:an?|two|three|four|five|six|seven|eight|nine|ten|\d+|several|many|some|my own|our own|both|no|bad|"
    r"poor|severe|mild|"
    r"chronic|curly|long|short|straight|thick|thin|blue|brown|green|red|dual|joint|full|high|low|back|weak|"
    r"sensitive|dry|oily|"
    r"type|stage|citizenship|experience|[$£€]?\d+\S*|asthma|about|around|over|only|just|savings|debts?|"
    r"hypermobil\w*|perfect|limited|little)\b)\s?\S*",
    re.IGNORECASE,
)
_HAVE_NOT = re.compile(
    r"(?:an?|two|three|\d+|several|many|some|no)?\s*(?:(?:very|really|quick|simple|small|big|weird|strange|similar|new|"
    r"following|major|single|long|short|different|good|great|bad|hard|vague|general|basic|specific|couple|bunch|"
    r"few|more|other|another|lot|budget|up-and-coming)\s+)*(?:of\s+)?(?:questions?|problems?|issues?|doubts?|"
    r"ideas?|feeling|hunch|look|friends?|"
    r"colleagues?|clients?|customers?|students?|employees?|users?|choices?|request|favou?r|point|time|chance|go|try|"
    r"bad day|day|conversation|argument|discussion|chat|talk|dream|coins?|apples?|marbles?|balls?|dice|cards|"
    r"variables?|samples?|data|people|person|man|woman|guy|nice (?:day|one)|sense|clue|hope|lots?|few|bit|trouble|fun|"
    r"(?:video |phone )?calls?|meetings?|been|had|to|never|already|seen|heard|read|tried|made|got)\b",
    re.IGNORECASE,
)


def being(clause: Clause) -> Iterator[Candidate]:
    """I'm a practising Muslim; I'm at Bosch now; I'm 6'2"; I've been vegan since 2018; I was raised Catholic."""
    rest = clause.rest.strip()
    plain = not (clause.unreal or clause.used_to or clause.modal)
    if clause.modal == "will" and not clause.negated and re.match(r"\d\d (?:in|on|next|this)\b", rest):
        yield Candidate("date", f"turning {statement(rest, 6)}")
    elif plain and clause.negated:
        yield from _lacking(clause, rest)
    elif plain and clause.form in {"was", "were"}:
        yield from _became(rest)
    elif plain and not clause.was:
        yield from _state(clause, rest)


def _lacking(clause: Clause, rest: str) -> Iterator[Candidate]:
    if not clause.past and not clause.was and _LACKING.match(rest):
        yield Candidate("life_context", f"not {statement(rest, 9)}")


def _became(rest: str) -> Iterator[Candidate]:
    if _BECAME.match(rest) or _FORMER.match(rest):
        yield Candidate("life_context", f"was {statement(rest, 10)}")


def _state(clause: Clause, rest: str) -> Iterator[Candidate]:
    core = rest[_end(rest) :]
    if _GERUND.match(core):
        yield from _busy(core)
    elif _SOMEBODY.match(core):
        yield from _somebody(core, clause)
    elif (
        _is_state(core)
        or (clause.perfect and re.match(r"to [A-Z]", core))
        or (_AT.match(core) and (is_habit(clause) or core[3:4].isupper()))
    ):
        yield Candidate("life_context", statement(rest, 9))


_LACKING = re.compile(
    r"(?:(?:an?|really|much of|very|that|too) )*(?:morning|evening|night|people|dog|cat|coffee|tea|breakfast|city|"
    r"beach|party|gym|phone) "
    r"(?:person|people)\b|(?:very |too |that |any |really )*(?:good (?:at|with)|religious|sporty|athletic|tall|"
    r"tech|technical|"
    r"political|social|comfortable|confident in|fluent|vaccinated|outdoorsy|musical)\b|(?:an?|"
    r"much of an?) (?:\w+ )?(?:drinker|reader|cook|swimmer|"
    r"gamer|sleeper|driver|native speaker|dancer|smoker)\b",
    re.IGNORECASE,
)


def _end(rest: str) -> int:
    found = _SKIP.match(rest)
    return found.end() if found else 0


def _is_state(core: str) -> bool:
    shapes = (_TRAIT, _NATION, _IN, _ON, _DONE, _SIZE)
    return any(shape.match(core) for shape in shapes) and not about_the_task(core)


def _busy(core: str) -> Iterator[Candidate]:
    what = statement(core, 12)
    object_ = what.partition(" ")[2]
    if not _DOING.match(core) and object_ and not vague(object_) and not about_the_task(object_):
        yield Candidate("life_context", what)


def _somebody(core: str, clause: Clause) -> Iterator[Candidate]:
    what = statement(core, 10)
    if _NOBODY.match(core) or about_the_task(what):
        return
    titled = list(job(core)) if clause.who == "i" else []
    yield from titled or [Candidate("life_context", re.sub(r"^(?:an?|the)\s+", "", what))]


def having(clause: Clause) -> Iterator[Candidate]:
    """I've got a Pixel 7; I have bad knees; we have a joint account; I had a stroke in 2020."""
    if clause.unreal or clause.used_to or clause.modal:
        return
    rest = re.sub(r"^\s*got\b\s*", "", clause.rest).strip()
    if clause.past or clause.form == "had":
        if _HAD.match(rest) and not clause.negated:
            yield Candidate("life_context", f"had {statement(rest, 9)}")
        return
    what = statement(rest, 11)
    if (
        clause.negated
        or vague(what)
        or about_the_task(re.split(r"\swith\s", what, maxsplit=1)[0])
        or _HAVE_NOT.match(rest)
        or clause.progressive
    ):
        return
    if _HAVE.match(rest) and len(what.split()) > 1:
        kin = not RELATIONS.isdisjoint(word.strip(",.").lower() for word in what.split()[:5])
        yield Candidate("relationship" if kin else "life_context", f"has {re.sub(r'^an? ', '', noun_phrase(rest, 11))}")


def got(clause: Clause) -> Iterator[Candidate]:
    """I've got a Pixel 7."""
    if clause.perfect and clause.form == "got" and not clause.was:
        yield from having(clause._replace(lemma="have", form="have", perfect=False))
