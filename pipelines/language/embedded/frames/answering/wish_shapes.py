"""The shapes of wishes for every answer, which `lasting` reads."""

from pipelines.language.embedded.grammar.words import alternatives, first_words
from pipelines.work import late_patterns as re

EDGE = " \t,.;:!?'*_~-"
_OPENINGS_LISTED = (
    "please pls plz kindly and also but so btw oh ok okay hey hi just ps yes yeah remember one_more_thing can_you "
    "perfect lovely great good nice cool yep nope thanks thank_you just_so_you_know so_you_know fyi brilliant cheers "
    "can_u could_you could_u would_you will_you i'd_like_you_to i_want_you_to"
)
_OPENINGS = alternatives(_OPENINGS_LISTED)
OPENING = re.compile(rf"\s*(?:{_OPENINGS}(?:,|:|\b)\s*+){{0,5}}", re.IGNORECASE)
ASKED = re.compile(r"\b(?:can|could|would|will) (?:you|u)\b", re.IGNORECASE)
_THANKS = alternatives("please pls plz thanks thx thank_you ok okay eh lol haha mate btw love dear")
CLOSING = re.compile(rf"(?:,?\s{_THANKS}){{1,3}}$", re.IGNORECASE)
_NO_REASON = "(?<!\\bif)(?<!\\bwhen)(?<!never)(?<!\\bwhat)(?<!\\btime)(?<!\\bthan)(?<!\\btill)(?<!until)"
_I_DO = alternatives("can't cant cannot don't dont hate need find get have read like only always never")
BREAK = re.compile(
    r"[.;:!?(\n\x01]|\s[-\u2013\u2014]+\s|,?\s(?:because|cos|cuz|coz|as i|otherwise|unless|so that|since i)\b|"
    r",\s(?:i|i'm|im|i've|ive|my|we|they)\s|"
    rf"{_NO_REASON}(?:\s(?:eh|lah),?)?\s(?:i {_I_DO}|i'm|im|ive|i've)\s",
    re.IGNORECASE,
)
PLEASE = re.compile(r"\s(?:please|pls|plz|kindly)\b", re.IGNORECASE)
_IN_FUTURE = r"in (?:the )?future\b(?=\W*$|[,.;]| (?:please|pls|thanks|and|but)\b)"  # not "in future emails to my boss"
_MARK_WORDS = alternatives(
    "always never every_time each_time all_the_time from_now_on going_forward by_default "
    "at_all_times in_everything every_single_time don't_ever do_not_ever"
)
MARK = re.compile(rf"\b(?:{_MARK_WORDS}\b|{_IN_FUTURE})|,? ever\W*$", re.IGNORECASE)
FROM_HERE = re.compile(rf"\b(?:(?:from now on|going forward|with me|by default)\b|{_IN_FUTURE})", re.IGNORECASE)
SAID_BY_OTHERS = re.compile(r"\b(?:says|said|told (?:me|us)|tells|wrote)\b", re.IGNORECASE)
_TOPICS = alternatives(
    "answer(s) reply replies response(s) explanation(s) example(s) source(s) reference(s) citation(s) link(s) "
    "two_versions three_versions both_versions options as_a_table as_a_list numbered_list bullet(s) bullet_points "
    "heading(s) emoji(s) steps summary summaries bottom_line short_version english spelling metric imperial celsius "
    "fahrenheit km kilometres kilometers miles kg kilos grams prices measurements temperatures distances units theory "
    "reasoning working short shorter brief concise blunt simple_words plain_words plain jargon compliment(s) praise "
    "flattery my_grammar my_mistakes my_english my_spelling page_number(s) paragraph_number(s) disclaimer(s) quotes "
    "the_date the_dates bold word_count pinyin romaji lines sentences"
)
TOPIC = re.compile(rf"\b{_TOPICS}\b", re.IGNORECASE)
_ORDER_VERBS_LISTED = (
    "give show put write use answer reply respond explain talk speak keep make add include cite quote correct tell ask "
    "start begin end format say mark list translate convert warn spell stick leave check state name number round"
)
_ORDER_VERBS = alternatives(_ORDER_VERBS_LISTED)
ORDER = re.compile(rf"(?:always |never |do not ever |don't ever )?{_ORDER_VERBS}\b(?! (?:up|in|it a)\b)", re.IGNORECASE)
_OF_ONE_WORDS = alternatives(
    "this these those below above following about story poem essay article it_for for_the for_my for_a for_an user(s) "
    "customer(s) client(s) student(s) people they them he she his her character"
)
OF_ONE = re.compile(rf"\b{_OF_ONE_WORDS}\b", re.IGNORECASE)


def _shape(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE)


_LANGUAGES = alternatives(
    "english german french spanish italian dutch portuguese polish swedish norwegian danish finnish russian ukrainian "
    "turkish arabic persian farsi urdu hindi hinglish punjabi bengali tamil telugu gujarati marathi tagalog taglish "
    "filipino malay indonesian chinese mandarin cantonese japanese korean vietnamese thai swahili yoruba igbo hausa "
    "pidgin patois welsh irish greek hebrew hungarian czech romanian bulgarian catalan singlish creole afrikaans zulu"
)
_MANNERS = alternatives(
    "harsh strict blunt direct honest critical tough brief short concise funny gentle kind patient formal informal "
    "casual technical detailed precise specific serious playful harsher stricter blunter tougher briefer shorter "
    "funnier gentler kinder"
)
_VOICES = alternatives(
    "therapist therapy corporate lawyer salesy sales marketing motivational linkedin robot customer_service "
    "customer-service self-help coach nanny pep baby textbook business hr influencer"
)
_UNITS_LISTED = (
    "metric imperial celsius fahrenheit centigrade km kms kilometres kilometers kg kilos grams litres ml miles pounds "
    "euros dollars rupees naira rand 24h 24_hour 24-hour si uk_english us_english british_english american_english "
    "british_spelling american_spelling uk_spelling us_spelling canadian_spelling australian_spelling plain_english "
    "simple_english simple_words bullet_points short_answers"
)
_UNITS = alternatives(_UNITS_LISTED)
_MEASURED_LISTED = (
    "measurements temperatures distances weights heights prices amounts quantities sizes dates times doses recipes "
    "ingredients lengths costs"
)
_MEASURED = alternatives(_MEASURED_LISTED)
UNIT_ALWAYS = _shape(
    rf"(?:always (?:use |in )?{_UNITS}\b|{_UNITS}(?: clock| please)?,? always\b|"
    rf"{_MEASURED} (?:in|as) [\w/-]+(?: please)?,? always\b)"
)
_TITLES = alternatives("mr mrs ms miss mx dr prof professor sir madam doctor father sister reverend rabbi captain")

_POLITELY = alternatives(
    "i i'd would prefer prefer_it_if rather like it_if that if you u to want can could should may must please kindly "
    "always just feel_free appreciate_it_if appreciate"
)
ADDRESSED = _shape(
    rf"(?:{_POLITELY} ){{0,6}}(?:address|call)(?:ed)? me (?:as |by )?"
    rf"({_TITLES}\.? (?-i:[A-Z][\w'-]+(?: [A-Z][\w'-]+)?))"
    r"(?=\W*$|[,;]| (?:and not|not|please|from now|instead|rather)\b)"
)
BE = _shape(rf"be (?:more |less |a bit |much |very |a little )*{_MANNERS}\b(?:$| (?!than)\w)")
NEVER = _shape(
    r"(?:never|don't|do not|don't ever|do not ever) (?:praise|compliment|flatter|congratulate|sugar-?coat|moralis?e|"
    r"lecture me|guess|invent|make up|apologi[sz]e)\b"
)
_FACTS_FIRST_LISTED = (
    "answer code formula solution conclusion result number(s) summary verdict recipe bottom_line short_answer"
)
_FACTS_FIRST = alternatives(_FACTS_FIRST_LISTED)
_REST = alternatives(
    "prose explanation(s) reasoning theory detail(s) text working(s) talk words background comments why"
)
FIRST_THEN = _shape(
    rf"(?:the |give (?:me )?(?:the )?)?{_FACTS_FIRST} first,? (?:and |then |the )*{_REST}\b"
    r"(?: (?:only )?(?:if|when) (?:i|asked)\b| after\w*$| later$| below$| last$|, always$)"
)
MAY_SPEAK = _shape(
    rf"(?:(?:you|u) (?:can|could|may)|feel free to) (?:also |always |just )?"
    rf"((?:(?:reply|answer|respond)(?: back)?(?: to me)?|(?:talk|write|speak|chat)(?: back)? (?:to|with) me)"
    rf" in (?:\w+ )?{_LANGUAGES}\b)(?! (?:or|in)\b|,)"
)
SPEAK = _shape(
    rf"(?:answer|reply|respond|talk|speak|write|explain)(?: to me| me)?(?: please)? "
    rf"(?:in )?(?:easy|simple|plain|basic) {_LANGUAGES}\b"
)
VOICE = _shape(
    rf"(?:no|without|drop the|stop the|skip the|cut the|none of (?:that|the|your)) (?:\w+ )?{_VOICES}[- ]"
    r"(?:voice|speak|talks?|tone|language|jargon)$"
)
_WRITINGS = alternatives(
    "documents drafts emails e-mails letters recipes texts messages posts captions reports translations answers tables "
    "worksheets invoices contracts replies"
)
IN_ALL = _shape(rf"in (?:(all|every|any) )?(?:of )?(?:my |our |the )?{_WRITINGS},? (?:please |kindly )?")
IN_EACH = ("in all ", "in every ", "in any ")
_YOU_DO = alternatives("claim correct edit cite quote translate rewrite mention recommend guess suggest")
_TEXTS = alternatives(
    "text sentence word(s) wording number(s) figure(s) claim quote(s) source(s) rule recipe draft mail email letter "
    "code translation mistake(s) example suggestion change(s) answer reference(s) link(s) fact(s)"
)
_YOU_DO_TO_TEXTS = rf"(?:change|fix|make|use|give|state)(?: me)?(?: my| the| an?| any| some)? {_TEXTS}"
WHENEVER = _shape(
    rf"(?:when(?:ever)?|if|every time|each time) (?:you|u) (?:ever )?(?:{_YOU_DO}\b|{_YOU_DO_TO_TEXTS}\b|"
    r"are (?:not sure|unsure)|aren't sure|don't know)[^,]{0,40}(?:, | (?=always ))(?:then |please |kindly )*"
)
KEEP = _shape(
    r"keep (?:your |all |the )?(?:answers|replies|responses|explanations)"
    r" (?:to|under|below|within|short|brief|simple)\b"
)
WITH_ME = _shape(
    r"(?:use|speak|talk|write)(?: to me)?(?: in)? (?:plain|simple|easy|normal|everyday|short)(?:ly)?\b"
    r".{0,20}\b(?:with|to) me$"
)
NOT_TOO = _shape(r"not too (?:posh|formal|fancy|stiff|flowery|wordy|corporate|technical|casual)$")
SO_I_AM = _shape(
    r"\bi (?:don't|dont|do not|never) (?:talk|speak|write|sound)\b|\bmy (?:english|eyes|eyesight|dyslexia) |"
    r"\b(?:i'm|im|i am) (?:still )?(?:learning|dyslexic|blind|partially sighted|not (?:a )?native)\b|"
    r"\bi (?:\w+ )?(?:learn|understand|get|remember|follow)(?: (?:it|things|everything|stuff|it all))? "
    r"(?:best|better|easier|faster|only)\b"
)
CLEARLY = _shape(
    r"(?:explain (?:things |everything |it |stuff )?(?:but |like )?(?:with|using|through)|use|give(?: me)?) "
    r"(?:[\w-]+ ){0,3}(?:examples|analogies|comparisons|pictures|diagrams|words|sentences)$|"
    r"(?:write |use |speak |only )?(?:please )?(?:in )?(?:easy|simple|plain|basic|short) "
    rf"(?:words|sentences|language|{_LANGUAGES})\b"
)
CORRECTING = _shape(rf"(?:always )?correct (?:me|my (?:{_LANGUAGES}|grammar|spelling|mistakes|errors|pronunciation))\b")
EACH_MISTAKE = _shape(
    r"\b(?:every (?:single )?(?:mistake|error|time)|always|each (?:mistake|time)|whenever i|"
    r"when i (?:write|speak|make)|as (?:we|i) go|even (?:the )?small)\b"
)
MEASURES = _shape(
    rf"(?:give|use|write|put|show|list|quote|keep)(?: me)?(?: all| the)* {_MEASURED} (?:always )?(?:in|as) "
)
NO_OTHER = _shape(r"\b(?:only|always)\b")
I_WRITE = _shape(
    r"(?:^|[;,.] )(?:and )?i (?:always )?(?:write|spell|work)(?: (?:in|with|using))? "
    r"((?:british|american|canadian|australian|us|uk|oxford) (?:english|spellings?))"
)
LEARNING = _shape(
    r"(?:.*[,;] )?i (?:(?:always|really) )?(?P<how>(?P<verb>learn|understand|get|remember|follow|grasp)"
    r"(?: (?:things|everything|stuff|it all))?"
    r" (?:best|better|only|easier|faster|easiest)(?: only)? (?:from|with|by|through|in) \w.*)"
)
THIRD = {"learn": "learns", "understand": "understands", "get": "gets", "remember": "remembers"}
SPOKEN_FIRST = first_words(_OPENINGS_LISTED)
WISHES_BEGIN = first_words(
    f"{_ORDER_VERBS_LISTED} {_UNITS_LISTED} {_MEASURED_LISTED} {_FACTS_FIRST_LISTED} always never do don't in when "
    "whenever if every each be the you u feel not only easy simple plain basic short no without drop stop skip cut none"
)  # with which a shape above begins
