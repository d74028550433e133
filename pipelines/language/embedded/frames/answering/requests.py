"""Standing wishes about answers, and notes without a subject: "Never use emojis", "Call me Jo", "Decided on oak"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.verb_group import parse_verb
from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words
from pipelines.work import late_patterns as re

_OPENINGS = (
    "please pls and also but so btw by_the_way ok okay hi hey hello oh ps p.s(.) from_now_on in_(the_)future "
    "going_forward as_a_rule in_general generally currently now well yes yeah recently update remember(_that)(_to) "
    "note_that fyi just"
)
OPENING = re.compile(
    rf"\s*(?:"
    rf"(?:{alternatives(_OPENINGS)}|"
    rf"when(?:ever)? you (?:reply|answer|respond|write|explain|give)[^,.\n]{{0,40}}),?[:\s]\s*+"
    rf"){{0,6}}",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"i(?:'d| would)? (?:like|want|need|prefer) (?:it if )?you to (?=always\b|never\b|not\b|only\b|call\b)",
    re.IGNORECASE,
)
_BEFORE_CALL = "you can may just should feel free to always could i'd like prefer want"
_CALL = re.compile(
    rf"(?:{alternatives(_BEFORE_CALL)} ){{0,6}}(?:call|address) me(?: as)? (?:by my (?:nickname|name),? )?"
    r"([\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)",
    re.IGNORECASE,
)
_CALLERS = alternatives("people friends everyone everybody they colleagues folks most_people family")
_CALLED = re.compile(rf"\b(?i:{_CALLERS})(?: \w+)? calls? me ([A-Z][\w'-]+)")
_LABELLED = re.compile(
    r"name(?:'s| is|:) ((?<='s )[A-Z][\w'-]+(?: (?-i:[A-Z])[\w'-]+){1,2}(?=[,.!]|$)|[A-Z][\w'-]+)", re.IGNORECASE
)
_LASTING = alternatives(
    "from_now_on in_(the_)future going_forward always never every_time as_a_rule in_general by_default whenever "
    "if_i_ask each_time at_all_times all_your your_answers your_replies your_responses to_me"
)
_STANDING = re.compile(rf"\b(?:{_LASTING}|when (?:you|answering|replying|writing|explaining|i ask))\b", re.IGNORECASE)
_RULES = "never don't_ever do_not_ever don't do_not avoid stop no_more no skip without always only please_always"
_NEVER = re.compile(rf"{alternatives(_RULES)}\s+(.+)", re.IGNORECASE)
_ANSWER_WORDS = alternatives(
    "emoji(s) list(s) table(s) heading(s) header(s) markdown jargon disclaimer(s) caveat(s) preamble(s) fluff filler "
    "small_talk flattery exclamation answer(s) reply replies response(s) explanation(s) example(s) source(s) "
    "citation(s) cite units metric imperial celsius fahrenheit british american uk_english us_english english spelling "
    "concise brief short shorter succinct terse direct blunt formal informal casual polite friendly "
    "simple_language plain_english "
    "plain_language plain_text step-by-step step-by_step step_by-step step_by_step code_first summary summarise "
    "summarize words sentences paragraph(s) call_me address_me sugar(-)coat lecture comments type_hints docstring(s) "
    "24-hour passive_voice adverbs cliché(s) metaphor(s) follow(-)up_questions questions_at_the_end yes_or_no tone "
    "wordy verbose explain_why show_your_work show_your_working show_your_reasoning"
)
_ABOUT_ANSWERS = re.compile(
    rf"\b(?:{_ANSWER_WORDS}|bullet(?: ?points?)?s?|apologi\w+|em[- ]dash\w*|layman\w*|tl;?dr|moralis\w*|moraliz\w*|"
    rf"swear\w*|hedg\w+)\b"
)
_ORDERS = (
    "keep use give answer reply respond write speak talk be make show include cite explain assume format stick skip "
    "leave_out avoid limit prefer start end put add stay ask tell treat remember address refer cut get use_only spell "
    "convert quote mention drop stop summarise summarize"
)
_IMPERATIVE = re.compile(rf"{alternatives(_ORDERS)}\b", re.IGNORECASE)
_POINTERS = alternatives("this that these it below for_a for_an for_my for_the")
_TEXTS = alternatives("following above text story essay paragraph article code list table function email letter")
_ONE_OFF = re.compile(
    rf"\b(?:{_POINTERS}|the {_TEXTS}|a (?:story|poem|list|table|script|function|letter|an email))\b",
    re.IGNORECASE,
)
_FRAGMENT_VERBS = (
    "decided switched switching chose picked went going settled opted moved moving migrated migrating replaced "
    "replacing dropped dropping ditched ditching cancelled canceled agreed booked scheduled signed planning working "
    "living based born started finished finally just became turned broke turned_down sold bought joined left allergic "
    "married building learning studying quit got prefer love hate enjoy live work can't_stand can't_eat "
    "don't_eat need will diagnosed retired believe adopted adopting promised committed committing sticking "
    "standardizing standardising"
)
_FRAGMENT = re.compile(rf"{alternatives(_FRAGMENT_VERBS)}\b", re.IGNORECASE)
_FAN = re.compile(r"\s*(?:huge |big |massive |lifelong )?(?:fan|lover) of (.+)", re.IGNORECASE)
_MORE = re.compile(
    r"\s[-\u2013\u2014]+\s(?=(?:decided|committed|promised|agreed|switched|chose|going with|settled)\b)", re.IGNORECASE
)
_PURSUITS = (
    "reading restoring raising saving hoping training caring renting running teaching writing moving recovering "
    "expecting growing dating living studying freelancing"
)
_BUSY = re.compile(
    rf"(?:(?:currently|still|mostly|also|finally|now|been) )?"
    rf"({alternatives(_PURSUITS)} (?:(?:up|out|for|to|in|on|with|from) )?(?:a|an|my|our|the|two|three|[A-Z]\w*)\b)"
)
_DENIED_VERBS = alternatives("like enjoy eat drink smoke drive stand trust tolerate")
_VERBS = "hate love adore live live(s) work study play collect moved grew_up used_to"
_AFTER_VERB = alternatives("in at on as for from to with the")
_WITHOUT_I = re.compile(
    rf"(?:(?:don'?t|do not|can'?t|cannot|never)\s+(?:really )?{_DENIED_VERBS}\b|"
    rf"(?:absolutely |really |mostly |usually |also )?{alternatives(_VERBS)} (?=(?:{_AFTER_VERB}|[A-Z]\w*|\w+ing)\b))",
)
_NOT_A = re.compile(r"not an? (?:native|morning|great|good|big)\b", re.IGNORECASE)
_OBJECT_STARTS = alternatives("to on for with from in at against a an the over as off")
_FRAGMENT_OBJECT = re.compile(
    rf"\w+\s+(?:{_OBJECT_STARTS}|[A-Z]|off\b|up\b|\w+ing\b|\w+ (?:with|for|from|to|by)\b)",
    re.IGNORECASE,
)


_SPOKEN_FIRST = first_words(f"{_OPENINGS} when whenever")
_WISHES_BEGIN = _SPOKEN_FIRST | first_words(f"i name call address {_BEFORE_CALL} {_RULES} {_ORDERS}")
_NOTES_BEGIN = _SPOKEN_FIRST | first_words(
    "currently still mostly also finally now been not don't dont do can't cant cannot never absolutely really usually "
    f"{_PURSUITS} {_VERBS} {_FRAGMENT_VERBS}"
)


def standing(text: str, words: frozenset[str], *, alone: bool) -> Iterator[Candidate]:
    """`text` is a whole sentence. `alone`: whether the message is short, so that a wish is not part of one task."""
    nick = _CALLED.search(text) if "call" in text else None
    if not nick and first_word(text) not in _WISHES_BEGIN:
        return
    opening = OPENING.match(text)
    start = opening.end() if opening else 0
    wished = _WISHED.match(text, start) if text.startswith(("i", "I"), start) else None
    start = wished.end() if wished else start
    body = text[start : start + 200]
    called = _CALL.match(body) if "me" in words else None
    if called and called.group(1).lower() not in {
        "a",
        "an",
        "the",
        "when",
        "if",
        "back",
        "crazy",
        "at",
        "later",
        "tomorrow",
        "on",
        "by",
        "old",
        "stupid",
        "maybe",
    }:
        yield Candidate("name", called.group(1))
        return
    if nick:
        yield Candidate("name", nick.group(1))
    labelled = _LABELLED.match(body) if "name" in words or "name's" in words else None
    if labelled and labelled.group(1)[0].isupper():
        yield Candidate("name", labelled.group(1))
    if _NEVER.match(body) or _IMPERATIVE.match(body):
        yield from _wish(text, body, alone=alone)


_RESPONDING = alternatives("use give write answer reply add include show explain call assume")
_ANSWERING = alternatives(
    "call address use answer reply respond explain assume suggest recommend remember treat write format start end "
    "include apologise apologize mention tell put add double-check check cite refer quote begin translate convert "
    "round repeat summarise summarize ask speak spell lecture interrupt give_me give_the give_your give_an give_both "
    "give_a show_me_the show_your show_the keep_it keep_your keep_answers end_with"
)
_ANSWERED = alternatives("answer reply respond write explain give talk speak code show suggest")
_EVER = re.compile(
    rf"(?:from now on|going forward|in (?:the )?future|(?:always|never|don't ever|only) {_ANSWERING}\b|by default|"
    rf"{_RESPONDING}\b.*\b(?:whenever|every time|when) "
    rf"(?:you (?:\w+ )?{_ANSWERED}|i ask|answering|replying|writing|explaining))\b",
)


_WHEN = re.compile(r"\s(before|after)\s")
_NEAR = 14  # characters: "no more emojis" forbids something, "no one said so, and the answer ..." does not
_NO_ORDER = re.compile(
    r"(?:an?|the|my|been|mind|heard|seen|had|got|knew|thought|felt|ever|really|too|so|gets?|fails?|is|was|will|would|"
    r"[a-z]+ed|[a-z]+ing)\b",
    re.IGNORECASE,
)


_THINGS_LEFT_OUT = (
    "emoji",
    "bullet",
    "list",
    "jargon",
    "flatter",
    "small talk",
    "fluff",
    "filler",
    "waffle",
    "preamble",
)


def _forbidden(what: str, word: str) -> str:
    """ "No emojis", "never apologise": what is left out, or what is not to be done, without its "please"."""
    what = re.sub(r",?\s(?:please|pls|plz|thanks|thx)$", "", what)
    return f"no {what}" if word != "never" and what.startswith(_THINGS_LEFT_OUT) else f"never {what}"


def _wish(text: str, body: str, *, alone: bool) -> Iterator[Candidate]:
    never = _NEVER.match(body)
    about = _ABOUT_ANSWERS.search(body.lower())
    rule = bool(_STANDING.search(text))
    if about and body.lower().startswith("no ") and about.start() > _NEAR:
        return
    if not about and not (rule and _EVER.match(re.sub(r"^(?:please|pls),?\s+", "", text.lower()))):
        return
    if (
        _ONE_OFF.search(body)
        and not (rule and not re.search(r"\b(?:this|the following|below|above)\b", body, re.IGNORECASE))
        and not re.search(r"\bkeep (?:it|things|this) (?:short|brief|simple|concise|casual)", body, re.IGNORECASE)
    ):
        return
    if never and (rule or alone) and not _NO_ORDER.match(never.group(1)):
        word = re.match(r"\w+(?:'t)?", body.lower())
        kept = _WHEN.sub("\x03\\1\x03", body)
        what = statement(kept if word and word.group() in {"always", "only"} else never.group(1), 14).replace(
            "\x03", " "
        )
        negative = not (word and word.group() in {"always", "only"})
        if what:
            yield Candidate("preference", _forbidden(what, word.group() if word else "") if negative else what)
    elif _IMPERATIVE.match(body) and (rule or (alone and _standing_shape(body))):
        what = statement(_WHEN.sub("\x03\\1\x03", body), 16).replace("\x03", " ")
        if len(what.split()) > 1:
            yield Candidate("preference", what)


_KEPT = alternatives("it things your answers responses replies explanations the_tone sentences paragraphs")
_MANNERS = alternatives("concise brief direct blunt honest formal informal casual friendly short succinct terse")
_USED = alternatives(
    "british american uk us metric imperial celsius simple plain bullet markdown short 24 only si type tables"
)
_ANSWERED_IN = alternatives("british plain short english simple french german spanish dutch italian")
_SHAPE = re.compile(
    rf"(?:keep {_KEPT}\b|be (?:more |very |as )?{_MANNERS}|use {_USED}\b|"
    rf"(?:answer|reply|respond|speak|talk|write) (?:to me |only |always )?in (?:{_ANSWERED_IN}|a )|"
    rf"(?:give|show|include|add|cite|quote) (?:me )?(?:your |always |only )?"
    rf"(?:short|sources|units|examples|citations|direct|references|concise)\b|skip the|leave out|cut the|"
    rf"get to the point|stick to|explain (?:things )?(?:like|simply|step)|make (?:your|answers)\b)",
    re.IGNORECASE,
)


def _standing_shape(body: str) -> bool:
    """ "Keep your answers short", "Be concise", "Use metric units": about how, not about what."""
    return bool(_SHAPE.match(body))


def fragment(text: str) -> Clause | None:
    """A note without its subject ("Switched from X to Y"), read as if "I" stood before it."""
    later = _MORE.search(text) if " -" in text or "\u2013" in text or "\u2014" in text else None
    if not later and first_word(text) not in _NOTES_BEGIN:
        return None
    opening = OPENING.match(text)
    start = later.end() if later else opening.end() if opening else 0
    busy = _BUSY.match(text, start)
    if busy:
        return parse_verb(text, busy.start(1), "i", "am")
    if (not_a := _NOT_A.match(text, start)) or _WITHOUT_I.match(text, start):
        return parse_verb(text, start, "i", "am" if not_a else "")
    if not _FRAGMENT.match(text, start) or not _FRAGMENT_OBJECT.match(text, start):
        return None
    first = text[start:].split(None, 1)[0].lower()
    helper = (
        "am"
        if first in {"based", "born", "allergic", "married", "diagnosed", "retired"} or first.endswith("ing")
        else ""
    )
    clause = parse_verb(text, start, "i", helper)
    if clause and first in {"need", "love", "work", "live", "will"} and not text[start : start + 1].isupper():
        return None
    return clause


def enthusiast(text: str) -> Iterator[Candidate]:
    """ "Big fan of Studio Ghibli here": an interest without its subject."""
    found = _FAN.match(text)
    if found:
        yield Candidate("interest", noun_phrase(found.group(1), 6))


_OPINION = re.compile(
    r"\s*(?:(?!i |we )\w+,? )?(?:"
    r"in my (?:honest |humble |personal )?(?:opinion|view,|experience,)|imh?o|if you ask me|to my mind|"
    r"as far as i'?m concerned|to me|personally),?\s+(.+)",
    re.IGNORECASE,
)


def opinion_opening(text: str) -> str:
    """What follows "In my opinion", "To me," or "IMO"; "" when the sentence does not open so."""
    found = _OPINION.match(text)
    return found.group(1) if found else ""
