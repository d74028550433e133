"""Open frame of "I am ...", by shape: any lasting state, such as "left-handed" or "on the board of a school"."""

from collections.abc import Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.frames.open_frames.passing import about_the_task
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_SKIPPED = alternatives(
    "currently now also both originally proudly really actually basically very pretty quite so just more_of kind_of "
    "sort_of only still almost severely mildly slightly partially legally profoundly totally clinically mostly "
    "practising practicing devout lapsed strict lifelong non-practising non-practicing newly recently happily self- "
    "raised"
)
_SKIP = re.compile(rf"\s*(?:{_SKIPPED}\s+)*", re.IGNORECASE)
_PERSONS = alternatives(
    "only youngest eldest oldest mother father mum mom dad founder owner head ceo cto cfo president secretary "
    "treasurer captain manager lead first_in main primary sole proud middle breadwinner parent"
)
_SOMEBODY = re.compile(
    rf"(?:an?|half|part|one of (?:\w+ )?(?:\w+ )?(?:children|kids|siblings|brothers|sisters)|"
    rf"the (?:{_PERSONS}|chair\w*))\s+\S",
    re.IGNORECASE,
)
_NOTHINGS = alternatives(
    "little bit lot few while mess idiot dummy fool moron wreck minute hurry rush loss total complete huge big "
    "new_user new_here step member_of_your victim good_mood good_place bad_mood bad_place user"
)
_NOBODY = re.compile(
    rf"an?\s+(?:"
    rf"(?:{_NOTHINGS}|dumb\w*|\w*ly (?:sure|certain|confident))\b(?!\s(?:fan|family|\w+er\b|\w+ist\b))|bit\b|"
    rf"little (?:confused|lost|bit))",
    re.IGNORECASE,
)
_TRAIT_WORDS = alternatives(
    "vegan(s) vegetarian(s) pescatarian(s) flexitarian plant-based keto teetotal sober kosher halal muslim(s) "
    "christian(s) catholic(s) seventh-day_adventist(s) seventh_day_adventist(s) adventist(s) pentecostal "
    "presbyterian mennonite unitarian calvinist zoroastrian taoist rastafarian deist humanist "
    "protestant jewish jew(s) buddhist(s) hindu(s) sikh(s) atheist(s) agnostic quaker(s) mormon(s) evangelical "
    "lutheran anglican methodist "
    "baptist pagan wiccan shia sunni jain baha'i spiritual orthodox dyslexic dyspraxic autistic neurodivergent "
    "bipolar diabetic pre(-)diabetic epileptic asthmatic a(n)emic coeliac celiac deaf blind paraplegic "
    "immunocompromised disabled colo(u)r-blind colo(u)r_blind colo(u)rblind hard_of_hearing partially_sighted "
    "left-handed left_handed right-handed right_handed ambidextrous pregnant menopausal divorced widowed separated "
    "single married engaged polyamorous gay lesbian bi(sexual) asexual pansexual trans(gender) non(-)binary queer "
    "straight bilingual trilingual multilingual retired semi-retired unemployed self-employed (fully_)remote "
    "non(-)smoker freelance redundant childless childfree adopted homeschooled self-taught introverted extroverted "
    "shy dual_national stateless claustrophobic agoraphobic arachnophobic insomniac nocturnal housebound tone-deaf "
    "tone_deaf bald ginger conservative liberal left-wing right-wing socialist libertarian pacifist feminist "
    "pro-choice pro-life religious frugal minimalist stoic debt-free debt_free hypothyroid lactose gluten-free "
    "gluten_free dairy-free dairy_free sugar-free sugar_free nut-free nut_free hearing-impaired hearing_impaired "
    "visually_impaired wheelchair-bound wheelchair_bound allergic"
)
_TRAITS = (
    rf"(?:red|blue)[- ](?:green|yellow) colou?r[- ]?blind|"
    rf"(?:lactose|gluten|fructose|histamine|dairy)[- ]intolerant|{_TRAIT_WORDS}|"
    rf"(?:short|long|near|far)[- ]?sighted|(?:five|six|four) (?:foot|feet)"
)
_TRAIT = re.compile(rf"(?:{_TRAITS})\b", re.IGNORECASE)
NATION_NAMES = (
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
NATIONS = alternatives(NATION_NAMES)
_NATION = re.compile(rf"(?:half |part |(?:a )?native |second[- ]generation )?(?:{NATIONS})\b")
TRADES = alternatives(
    "marketing sales tech finance banking healthcare hr insurance education retail logistics construction real_estate "
    "hospitality publishing advertising procurement manufacturing audit"
)
_FIELDS = alternatives(
    "law_school medical_school med_school grad_school high_school college university secondary_school therapy recovery "
    "remission debt menopause perimenopause charge_of"
)
_STAGES = alternatives(
    "teens twenties thirties forties fifties sixties seventies eighties first second third fourth fifth final last "
    "senior junior sophomore freshman"
)
_GROUPS = alternatives(
    "band choir orchestra relationship wheelchair marriage union army navy military reserves police fire_service "
    "suburbs countryside club league process_of"
)
_IN = re.compile(
    rf"in (?:{TRADES}|{_FIELDS}|my (?:(?:early|mid|late)[- ]?)?(?:{_STAGES}|\d0s)|"
    rf"(?:an?|the) (?:\w+ ){{0,3}}(?:{_GROUPS}|\w+ business|\w+ industry)|it\b(?= at)|(?:year|grade) \d+|"
    rf"(?:\d+th|\w+th|first|second|third) (?:grade|year))\b",
    re.IGNORECASE,
)
_ON_THINGS = alternatives(
    "board committee council team diet visa pension medication meds pill leave list spectrum benefits disability "
    "shift(s) statin(s) antidepressants sabbatical dialysis insulin warfarin ssri(s) lithium thinners work sick "
    "alcohol sugar dairy gluten meat caffeine social_media keto scholarship"
)
_ON = re.compile(
    rf"(?:on|off) (?:(?:an?|the|my) )?(?:[\w-]+ ){{0,3}}"
    rf"(?:{_ON_THINGS}|chemo\w*|budget of .*|\d+ ?mg.*|\w+(?:ine|pram|pril|olol|statin|formin|thyroxine))\b",
    re.IGNORECASE,
)
_DONE_VERBS = alternatives(
    "not_much_of_a named_after known_as nicknamed trained_as trained_in certified licenced licensed "
    "qualified enrolled employed registered chartered fluent_in conversational_in terrible_at rubbish_at hopeless_at "
    "hopeless_with great_at decent_at proficient_in experienced_in experienced_with responsible_for in_charge_of "
    "married_to engaged_to divorced_from descended_from close_to_my estranged_from vaccinated homeless sensitive_to "
    "phobic prone_to addicted dependent_on used_to_cold used_to_heat used_to_hot new_to comfortable_with "
    "comfortable_in uncomfortable_with proud_of_my proud_of_our originally saving_(up_)for due_in due_on "
    "due_to_give_birth member_of active_in involved_in involved_with self-taught self_taught lactose out_of_work "
    "between_jobs colo(u)r-blind colo(u)r_blind colo(u)rblind self-conscious_about anxious_about anxious_in "
    "anxious_around scared_of afraid_of terrified_of frightened_of nervous_about nervous_around intolerant allergic "
    "from born based"
)
_DONE = re.compile(
    rf"(?:{_DONE_VERBS}|(?:good|bad|useless) (?:at|with)|homeschool\w*|up (?:at|by) \d|"
    rf"of \w+ (?:descent|heritage|origin))\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:about |around |roughly |only )?(?:"
    r"\d['\u2019]\d{0,2}|\d{2,3} ?(?:cm|kg|kilos|pounds|lbs|centimet\w+)\b|\d{1,2} stone|\d\.\d\d ?m\b|"
    r"\w+ (?:foot|feet)\b)",
    re.IGNORECASE,
)
_BECAME_STATES = alternatives(
    "raised adopted brought_up laid_off made_redundant fired promoted hired elected diagnosed bullied homeschooled "
    "educated named drafted deployed stationed married engaged divorced widowed baptised baptized accepted_to "
    "accepted_into accepted_by accepted_at admitted_to admitted_into awarded evicted deported vaccinated hospitalised "
    "hospitalized orphaned"
)
_BECAME = re.compile(rf"(?:\w+ly |just |also |once ){{0,6}}{_BECAME_STATES}\b", re.IGNORECASE)
_FORMER = re.compile(
    r"(?:an?|the|in the) .{3,60}?\b(?:for \w+ |until|before|in \d{4}|back in|from \d{4}|when i)", re.IGNORECASE
)


_WHO_WORDS = alternatives(
    "mother father mum mom dad grandmother grandfather parent carer caregiver widow widower orphan twin only_child "
    "middle_child eldest_child vegetarian vegan pescatarian muslim christian catholic jew hindu buddhist sikh quaker "
    "atheist veteran refugee immigrant expat citizen resident native foreigner homeowner landlord tenant smoker "
    "non-smoker donor survivor introvert extrovert insomniac night_owl early_bird morning_person perfectionist "
    "jehovah's_witness minimalist member volunteer breadwinner founder co-founder owner captain treasurer "
    "native_speaker freshman "
    "sophomore junior senior undergrad undergraduate grad_student first-generation"
)
_WHO = re.compile(
    rf"(?:half|part|one of)\b|the (?:only|youngest|eldest|oldest|first|middle|main|sole|proud)\b|"
    rf"(?:an?|the) (?:[\w-]+ ){{0,3}}?{_WHO_WORDS}\b(?! (?:film|movie|game|song|question|year|thing|joke))",
    re.IGNORECASE,
)

_SCHOOLS = alternatives("college university uni high_school hs")
_STUDENT = re.compile(  # a junior or a senior of a school alone: another one has a post
    rf"(?:an?|the) (?!former\b)(?:[\w-]+ ){{0,2}}?(?:freshman|sophomore|undergrad|undergraduate|"
    rf"(?:junior|senior) (?:in|at) (?:an? |my )?{_SCHOOLS}|(?<=college )(?:junior|senior)|"
    rf"(?<=high school )(?:junior|senior))\b(?! (?:mom|mum|mother|dad|father|parent|coach)\b)",
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
    if _SOMEBODY.match(core):
        yield from _somebody(core, clause)
    elif _is_state(core):
        yield Candidate("life_context", statement(rest, 9))


_PERSON_KINDS = alternatives("morning evening night people dog cat coffee tea breakfast city beach party gym phone")
_LACKED = alternatives(
    "good_at good_with religious sporty athletic tall tech technical political social comfortable confident_in fluent "
    "vaccinated outdoorsy musical"
)
_DOERS = alternatives("drinker reader cook swimmer gamer sleeper driver native_speaker dancer smoker")
_LACKING = re.compile(
    rf"(?:(?:an?|really|much of|very|that|too) )*{_PERSON_KINDS} (?:person|people)\b|"
    rf"(?:very |too |that |any |really )*{_LACKED}\b|(?:an?|much of an?) (?:\w+ )?{_DOERS}\b",
    re.IGNORECASE,
)


def _end(rest: str) -> int:
    found = _SKIP.match(rest)
    return found.end() if found else 0


def _is_state(core: str) -> bool:
    shapes = (_TRAIT, _NATION, _IN, _ON, _DONE, _SIZE)
    return any(shape.match(core) for shape in shapes) and not about_the_task(core)


def _somebody(core: str, clause: Clause) -> Iterator[Candidate]:
    what = statement(core, 10)
    if _NOBODY.match(core) or about_the_task(what):
        return
    titled = list(job(core)) if clause.who == "i" else []
    if titled or _WHO.match(core):
        studies = clause.who == "i" and _STUDENT.match(core)
        category: Category = "occupation" if studies else "life_context"
        yield from titled or [Candidate(category, re.sub(r"^(?:an?|the)\s+", "", what))]
