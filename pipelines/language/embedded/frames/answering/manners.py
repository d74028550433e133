"""How the user wants to be answered, in whatever form: "Talk to me like a friend", "Can you stop apologising?"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words, word_set
from pipelines.work import late_patterns as re

_OPENINGS = (
    "please pls also and but so btw oh ok okay hey hi just one_more_thing a_(quick_)note from_now_on going_forward "
    "in_future in_general generally for_future_reference fyi remember note ps p.s(.) as_always again"
)
_OPENING = re.compile(rf"\s*(?:{alternatives(_OPENINGS)},?:?\s+)*", re.IGNORECASE)
_REQUESTS = alternatives(
    "stop quit avoid refrain_from not never always only keep be use speak talk answer reply respond address drop skip "
    "cut"
)
_ONE_ASKS = alternatives("trust believe rely know see expect find get tell count guess predict win be_sure")
_ASKED = re.compile(
    rf"(?:can|could|would|will) you (?:please |just |try to |kindly )*(?!(?:always|never|only) {_ONE_ASKS})"
    rf"({_REQUESTS}\b.{{2,90}})",
    re.IGNORECASE,
)
_LASTING_WORDS = alternatives(
    "all_the_time every_time always never from_now_on going_forward in_(the_)future so_much so_many constantly "
    "with_me to_me when_you when_i when_we in_general by_default emoji(s) bullet_points calling_me more_concise "
    "more_direct more_blunt more_brief"
)
_LASTING = re.compile(
    rf"\b(?:{_LASTING_WORDS}|your (?:answers|replies|responses|tone|messages)|apologi\w+)\b",
    re.IGNORECASE,
)
_STYLE_WORDS = alternatives(
    "dates times pleasantries preamble(s) intro(duction)(s) small_talk fluff waffle filler flattery compliment(s) "
    "disclaimer(s) warning(s) caveat(s) emoji(s) bullet_point(s) lists headings headers tables markdown jargon "
    "buzzwords acronyms basics theory history_lesson(s) lecture(s) moralising moralizing hedging hand(-)holding "
    "repetition repeating summary summaries recap(s) conclusion(s) follow(-)up_question(s) exclamation_marks "
    "exclamation_points em-dashes em_dashes analogies metaphor(s) example(s) sources citation(s) references links "
    "metric imperial celsius fahrenheit 24-hour 24_hour plain_english plain_text plain_language simple_words "
    "simple_english simple_language simple_terms short_sentences short_paragraphs short_answers short_replies "
    "code_first code_only first_name step-by-step step-by_step step_by-step step_by_step word_count "
    "politically_correct long-winded long_winded wordy verbose verbosity brief blunt casual honest brutally_honest "
    "critical direct to_the_point straight_to_the_point straight_to_the_answer wall(s)_of_text explanation(s) padding "
    "cheerful humo(u)r jokes puns tone gender-neutral they/them she/her he/him"
)
_STYLE = (
    rf"{_STYLE_WORDS}|the (?:word|phrase|expression)s? \w+|"
    rf"(?:under|below|max(?:imum)?|at most|within|no more than) (?:\w+ )?(?:sentences|words|lines|paragraphs)|"
    rf"currenc\w+|dd/mm\S*|(?:easy|simple|plain|everyday) (?:words|language|vocabulary)|apologi\w+|sugar-?coat\w*|"
    rf"kilomet\w+|(?:british|american|uk|us|australian|canadian) (?:english|spelling)|swear\w*|concise\w*|"
    rf"formal\w*|informal\w*|enthusias\w+|sarcas\w+"
)
_LEAVE_OUT = alternatives(
    "spare_me skip drop cut leave_out omit ditch lose avoid no_more less fewer stop enough_with lay_off go_easy_on "
    "without no"
)
_AFTER_NOT = alternatives(
    "bother_with bother_to ever be give_me use start end open add include explain repeat lecture hedge assume "
    "sugar(-)coat put write talk treat ask send try"
)
_NO = re.compile(
    rf"(?:(?:there(?:'s| is) )?no need (?:to|for)|you (?:don't|do not|needn't|never) (?:need|have) to|"
    rf"(?:please )?{_LEAVE_OUT}|(?:don't|do not|never)\s+(?:{_AFTER_NOT}|apologi\w+|summari\w+))\b[^.;!?\n]{{0,80}}",
    re.IGNORECASE,
)
_DO = alternatives(
    "use give include show add cite write answer reply respond speak talk explain treat address keep be stick get "
    "assume pretend_not more start lead put format make stay quote convert refer tell round ask imagine_you"
)
_YES = re.compile(rf"(?:(?:always|only)\s+)?{_DO}\b[^.;!?\n]{{0,90}}", re.IGNORECASE)
_SPEAKING = alternatives("talk speak write explain treat answer address reply respond be")
_LANGUAGES = alternatives(
    "spanish french german english italian dutch portuguese hindi polish swedish plain simple short full british "
    "american"
)
_TO_ME = re.compile(
    rf"{_SPEAKING}\b.{{0,24}}?\b(?:to|with)?\s?(?:me|things|stuff|everything|concepts)?\s*\b(?:"
    rf"(?:like|as if|as though|as) (?:i|i'm|you|a|an|we|my)\b|honest with me|straight with me|in {_LANGUAGES}\b|"
    rf"without\b).*",
    re.IGNORECASE,
)
_POINTERS = alternatives(
    "this that these below for_a for_an for_the for_my a(n)_summary_of a(n)_example_of a(n)_explanation_of "
    "example(s)_of"
)
_TEXTS = alternatives(
    "following above text story essay paragraph article code list table function email letter poem first second last "
    "previous"
)
_ONE_TASK = re.compile(
    rf"\b(?:{_POINTERS}|the {_TEXTS}|a (?:story|poem|list|table|script|function|letter)|"
    rf"(?:make|explain|put|write|rewrite|format|say|describe) it|about (?!yourself)|of \w+ \w+)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"\b(?:{_STYLE})\b", re.IGNORECASE)
_WRITING = alternatives("ask write say send give answer reply mention explain share need recommend suggest")
_RESPONDING = alternatives(
    "assume use give keep answer reply include remember don't do_not never avoid skip start show explain put make "
    "only stick"
)
_WHENEVER = re.compile(
    rf"(?:when|whenever|if|every time) (?:i|you) {_WRITING}\b[^,]{{0,50}},\s+(?:please |always |just )*"
    rf"({_RESPONDING}\b.+)",
    re.IGNORECASE,
)
WISH_WORDS = word_set(
    "can could would will there's no need you spare skip drop cut leave omit ditch lose avoid less fewer stop enough "
    "lay go without don't do never always only use give include show add cite write answer reply respond speak talk "
    "explain treat address keep be stick get assume more start lead put format make stay quote convert refer tell "
    "round ask"
)
_FIRST = re.compile(r"[a-z]+", re.IGNORECASE)
_FIRST_WORDS = word_set(
    "when whenever if every can could would will there no you please spare skip drop cut leave omit ditch lose avoid "
    "less fewer stop enough lay go without don do never always only use give include show add cite write answer reply "
    "respond speak talk explain treat address keep be stick get assume pretend more start lead put format make stay "
    "quote convert refer tell round ask imagine"
)  # with which a wish begins
_BEGINNINGS = _FIRST_WORDS | first_words(_OPENINGS)
_ELI5 = re.compile(r"explain (?:\w+ ){0,3}like i'?m (?:5|five)", re.IGNORECASE)


def manner(text: str) -> Iterator[Candidate]:
    """`text` is one sentence of a short message, questions included."""
    if first_word(text) not in _BEGINNINGS:
        return
    opening = _OPENING.match(text)
    body = text[opening.end() if opening else 0 :].rstrip("?!. ")
    first = _FIRST.match(body)
    if not first or first.group().lower() not in _FIRST_WORDS:
        return
    when = _WHENEVER.match(body)
    if when and not text.endswith("?"):
        yield Candidate("preference", statement(when.group(1), 14))
    elif asked := _ASKED.match(body):
        yield from _asked(asked.group(1))
    elif not (text.endswith("?") or _ONE_TASK.search(body) or _ELI5.search(body)):
        yield from _told(body)


def _asked(wish: str) -> Iterator[Candidate]:
    if _LASTING.search(wish) and (_ABOUT.search(wish) or "me" in wish.split()) and not _ONE_TASK.search(wish):
        yield Candidate("preference", statement(wish, 14))


def _told(body: str) -> Iterator[Candidate]:
    wish = statement(body, 14)
    if (_NO.match(body) or _YES.match(body)) and _ABOUT.search(wish):
        if len(wish.split()) > 1:
            yield Candidate("preference", wish)
    elif re.match(r"avoid \w+ \w+", body, re.IGNORECASE):
        yield Candidate("preference", statement(body, 10))
    elif _TO_ME.match(body):
        yield Candidate("preference", " ".join(body.split()[:14]))
