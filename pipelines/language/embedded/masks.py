"""Masks what is in a message without being the user's statement: code, quotes, pasted text, fiction, templates.

Masking keeps lengths, so that offsets into the masked text are offsets into the message.
"""

import re

from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import READ_HEAD, READ_TAIL, alternatives, word_set

_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]{1,300}`")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>\n]{0,300}>")
_LINK = re.compile(r"https?://\S{1,500}|\S{1,60}@\S{1,60}\.\w{2,8}")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,1500})[\"”»]")
_SINGLE = re.compile(  # each apostrophe inside stands in a word, so that a text can be parted in one way only
    r"(?<![\w'])'([A-Za-z][^'\n]{0,250}(?:'(?=\w)[^'\n]{0,250}){0,12})'(?=[\s.,;:!?)]|\Z)"
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|im|my|we|our|me|you|your)\b", re.IGNORECASE)
_QUOTE_LINE = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)
_CODE_STARTS = (
    *("//", "/*", "*/", "-- ", "import ", "def ", "return ", "const ", "var ", "function ", "public ", "private "),
    *("#include", "SELECT ", "INSERT ", "print(", "console.", "$ ", ">>>", "Traceback", 'File "', "class ", "@", "<?"),
    *("elif ", "except ", "export ", "async "),
)
_MAYBE_CODE = re.compile(
    r"[#;{}()=/$>@\\]|--|\b(?:import|return|const|var|class|elif|except|export|async|Traceback|INSERT|SELECT)\b"
)
_CODE_ENDS = (";", "{", "}", "=>", "/>", "):", "\\n", "];", "*/")
_PLACEHOLDER = re.compile(
    r"\[[A-Za-z][\w '/,.-]{0,60}\](?!\()|\{\{?[\w .-]{1,40}\}?\}|<[A-Za-z][\w ]{0,40}>|_{3,}|\bX{3,}\b|\bxx+\b"
)
_SPEAKER = re.compile(
    r"^[ \t]*(?:\[[^\]\n]{1,40}\]\s*)?"
    r"(?:[A-Z][\w.'-]{0,20}(?: [A-Z0-9][\w.'-]{0,20}){0,2}|[QA]|user|assistant|system|human|ai)\s?:(?=\s)",
    re.MULTILINE,
)
_VOICES = word_set(
    "me her him them mum mom dad boss wife husband friend user assistant human ai q a customer client agent doctor "
    "patient"
)
_OWN_LABELS = alternatives(
    "me about about_me context background note notes ps p.s(.) edit update info bio fyi also btw question goal goals "
    "situation problem current_situation preference(s) profile details hobbies job work diet name age location "
    "occupation interest(s) family pet(s) health likes dislikes decision plan todo reminder stack project so hi hello "
    "hey yes no ok okay thanks"
)
_OWN_LABEL = re.compile(rf"\s*(?:{_OWN_LABELS}|tl;?dr|my \w+)\s*:", re.IGNORECASE)
_MAIL_HEAD = re.compile(r"^[ \t]*(?:from|to|subject|sent|date|cc):\s.*$", re.IGNORECASE | re.MULTILINE)
_LETTER = re.compile(r"^[ \t]*(?:dear|to whom it may concern)\b[^\n]{0,80}$", re.IGNORECASE | re.MULTILINE)
_SIGN_OFF = re.compile(
    r"^[ \t]*"
    r"(?:(?:kind|best|warm|warmest|many)\s+(?:regards|wishes|thanks)|regards|sincerely|yours\b|cheers|best|love)"
    r"[^\n]{0,30}$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(
    r"^[ \t]*(?:"
    r"(?:kind|best|warm|warmest|many)\s+(?:regards|wishes)|regards|(?:yours )?sincerely|yours (?:truly|faithfully))"
    r",?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE_PHRASES = alternatives(
    "act(ing)_as act(ing)_like role(-)play(ing) role_play pretend(ing) your_name_is stay_in_character play_the_role "
    "play_the_part take_(on_)the_role simulate imagine suppose supposing hypothetically assume_(that_)i "
    "assume_(that_)we assume_(that_)you assume_(that_)my picture_this fictional speak_as respond_as answer_as talk_as "
    "the_perspective_of in_the_voice_of in_the_style_of text_adventure dungeon_master ignore_(all_)previous"
)
_ROLE_STARTS = alternatives("a(n) the my captain dr mr mrs called named playing dan in")
_ROLE_PLAY = re.compile(
    rf"\b(?:"
    rf"{_ROLE_PHRASES}|you are (?:now |going to |to )?{_ROLE_STARTS}\b|you're (?:an?|my|playing|called|named)\b|"
    rf"you will (?:be|play|act)\b|let's (?:play|pretend|imagine|say|suppose|assume)|say (?:i|my|we)\b|"
    rf"for (?:a|my) (?:story|novel|screenplay)\b|in a (?:parallel|fictional|fantasy) |you are \w+ing (?:me|my)\b|"
    rf"i am your\b)",
    re.IGNORECASE,
)
_TRANSFORM_VERBS = (
    "translate proof(-)read paraphrase rewrite re-write rephrase reword summarise summarize correct fix edit improve "
    "shorten polish continue complete classify simplify convert spell(-)check expand condense tag label extract "
    "annotate punctuate transcribe parse finish turn make grade critique respond_to reply_to answer"
)
_ASKING = alternatives(
    "please pls can_you could_you would_you will_you help_me kindly hi hey hello now then and i_want_you_to "
    "i_need_you_to i'd_like_you_to you_should let's just"
)
_TRANSFORM = re.compile(
    rf"^\s*(?:{_ASKING},?\s+){{0,4}}{alternatives(_TRANSFORM_VERBS)}\b[^\n:.?!]{{0,100}}",
    re.IGNORECASE | re.MULTILINE,
)
_GIVEN_TEXTS = alternatives(
    "this these that following below above text sentence(s) paragraph(s) passage essay e(-)mail letter story poem "
    "abstract grammar spelling punctuation sentiment conversation dialogue message review quote phrase caption "
    "translation"
)
_LANGUAGES = alternatives(
    "german french spanish english italian chinese japanese korean russian portuguese dutch polish turkish arabic "
    "hindi latin"
)
_DEICTIC = re.compile(rf"\b(?:{_GIVEN_TEXTS}|to {_LANGUAGES}|into \w+)\b", re.IGNORECASE)
_MATERIAL_WORDS = alternatives(
    "here's here_is here_are this_is below_is following wrote writes say(s) said got_this received reads replied text "
    "e(-)mail essay article transcript message letter paragraph story poem lyrics abstract quote review example(s) "
    "sample input output prompt passage post tweet statement sentence description dialogue answer question comment "
    "translate translation data log error draft speech script template"
)
_MATERIAL = re.compile(rf"\b{_MATERIAL_WORDS}\b[^.:!?\n]{{0,60}}:", re.IGNORECASE)
_MY_TEXTS = alternatives("essay text email letter story draft article poem answer abstract cv resume speech paragraph")
_ABOUT_ME = re.compile(
    rf"\b(?:me|myself|my (?!\w+ (?:wrote|said|says|sent|replied))(?!{_MY_TEXTS})\w+|background|context|we|i)\b",
    re.IGNORECASE,
)
_GENRES = word_set(
    "story stories poem song lyrics rap novel scene dialogue monologue screenplay script haiku limerick fairytale "
    "tale fanfic fanfiction character roleplay sonnet ballad diary skit sketch joke"
)
_FICTION_VERBS = alternatives("write tell create generate compose make give draft continue")
_FICTION = re.compile(rf"\b{_FICTION_VERBS}\b[^.\n:]{{0,60}}\b(?:{'|'.join(sorted(_GENRES))})\b", re.IGNORECASE)
_TRANSFORM_WORDS = word_set(_TRANSFORM_VERBS.replace("(-)", "")) | {"proof", "spell"}
_ROLE_WORDS = word_set(
    "act acting role roleplay roleplaying pretend pretending you're character simulate let's imagine suppose "
    "supposing hypothetically assume say picture fictional story novel screenplay parallel fantasy perspective voice "
    "style dungeon ignore"
)
_YOU_ARE = re.compile(
    r"[Yy]ou (?:are|will)\b|\b(?:[Aa]m|(?:[Rr]espond|[Aa]nswer|[Ss]peak|[Tt]alk) as)\b|[Yy]our name is"
)
_PUZZLE_WORDS = frozenset(["old", "many", "am"])
_PREMISE = re.compile(
    r"^\s*(?:"
    r"let \w+ be|given that|consider (?:the|a|an)\b|a (?:man|woman|person|patient|farmer|train)\b|premise|riddle|"
    r"puzzle|\d+[.)]\s*[A-Z][^\n]*\?)",
    re.IGNORECASE,
)
_RIDDLE = re.compile(
    r"\b(?:how old (?:is|am|are|was)|who am i|what am i|how many (?:\w+ ){1,3}(?:do|are|does) (?:i|we|they))\b",
    re.IGNORECASE,
)


def own_words(text: str, words: frozenset[str]) -> str:
    """A plain `text` with everything masked that does not count as the user's own statement; same length."""
    if len(text) > READ_HEAD + READ_TAIL:
        text = text[:READ_HEAD] + MASK * (len(text) - READ_HEAD - READ_TAIL) + text[-READ_TAIL:]
    text = _mask_shapes(text)
    return _mask_premises(text, words)


def _mask_shapes(text: str) -> str:
    if "`" in text or "~~~" in text:
        text = _INLINE_CODE.sub(_blank, _FENCE.sub(_blank, text))
    if "<" in text:
        text = _MARKUP.sub(_blank, text)
    if '"' in text or "“" in text or "«" in text or "„" in text:
        text = _QUOTED.sub(_blank_speech, text)
    if "'" in text:
        text = _SINGLE.sub(_blank_speech, text)
    if "://" in text or "@" in text:
        text = _LINK.sub(_blank, text)
    text = _mask_lines(text)
    return _PLACEHOLDER.sub(_blank_sentence, text) if any(mark in text for mark in "[{<_xX") else text


def _mask_lines(text: str) -> str:
    if ">" in text or "|" in text:
        text = _QUOTE_LINE.sub(_blank, text)
    if _MAYBE_CODE.search(text):
        text = "\n".join(MASK * len(line) if _is_code(line) else line for line in text.split("\n"))
    if ":" in text:
        text = _mask_mail(text) if "\n" in text else text
        if not _LETTER.search(text):
            text = _mask_speakers(text)
    return _mask_letter(text) if "\n" in text else text


def _is_code(line: str) -> bool:
    line = line.strip()
    if line.startswith("#"):
        return not line[1:2].isdigit()
    return line.startswith(_CODE_STARTS) or line.endswith(_CODE_ENDS)


def _mask_mail(text: str) -> str:
    heads = list(_MAIL_HEAD.finditer(text))
    return _mask_from(text, heads[0].start()) if len(heads) > 1 else text


def _mask_speakers(text: str) -> str:
    """Blank the lines of a transcript; a label that heads the user's own notes stays."""

    def judge(found: "re.Match[str]") -> str:
        return found.group() if _OWN_LABEL.match(found.group()) else MASK * len(found.group())

    labels = {found.group().strip(" \t:").lower() for found in _SPEAKER.finditer(text)}
    talk = len(labels) > 1 and not labels.isdisjoint(_VOICES)
    labelled = _SPEAKER.sub(_blank if talk else judge, text)
    if labelled == text:
        return text
    lines = labelled.split("\n")
    return "\n".join(MASK * len(line) if line.lstrip(" \t").startswith(MASK) else line for line in lines)


def _mask_letter(text: str) -> str:
    """Mask from the salutation, or the message's beginning, to the signature."""
    opening = _LETTER.search(text)
    closings = list((_SIGN_OFF if opening else _SIGNED).finditer(text, opening.end() if opening else 0))
    if not opening and not closings:
        return text
    start = opening.start() if opening else 0
    end = _paragraph_end(text, closings[-1].end()) if closings else len(text)
    return text[:start] + MASK * (end - start) + text[end:]


def _mask_premises(text: str, words: frozenset[str]) -> str:
    """Mask the rest of a message after a role, a scene or a task sets up somebody else's words."""
    if not words.isdisjoint(_TRANSFORM_WORDS):
        transform = _TRANSFORM.search(text)
        if transform and _DEICTIC.search(transform.group()):
            return MASK * len(text)
        if transform and text[transform.end() : transform.end() + 1] in {":", "\n"}:
            text = _mask_from(text, transform.end())
    if _may_set_a_role(text, words) and (found := _ROLE_PLAY.search(text)):
        text = _mask_from(text, found.start())
    if not words.isdisjoint(_GENRES) and (found := _FICTION.search(text)):
        text = _mask_from(text, text.rfind("\n", 0, found.start()) + 1)
    if _PREMISE.match(text) or (not words.isdisjoint(_PUZZLE_WORDS) and _RIDDLE.search(text)):
        return MASK * len(text)
    return _mask_dictated(_mask_material(text)) if ":" in text else text


def _may_set_a_role(text: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_ROLE_WORDS) or ("you" in words and _YOU_ARE.search(text) is not None)


def _mask_material(text: str) -> str:
    for found in _MATERIAL.finditer(text):
        if not _ABOUT_ME.search(found.group()):
            return _mask_from(text, found.end())
    return text


_DICTATING_VERBS = alternatives(
    "write say put describe check explain repeat complete continue finish comment_on analyse analyze review read use "
    "express format capitalise capitalize spell guess identify find discuss interpret respond"
)
_DICTATED = re.compile(
    rf"^\s*(?:please |pls |now |then |can you |could you )?{_DICTATING_VERBS}\b[^.:!?\n]{{0,60}}:\s",
    re.IGNORECASE | re.MULTILINE,
)


def _mask_dictated(text: str) -> str:
    """Mask what a task hands over after its colon: "Write it in the first person: I am ..."."""
    found = _DICTATED.search(text)
    return _mask_from(text, found.end()) if found and not _ABOUT_ME.search(found.group()) else text


def _paragraph_end(text: str, start: int) -> int:
    """Two line ends after a sign-off end a letter: the signature stands between."""
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _mask_from(text: str, start: int) -> str:
    return text[:start] + MASK * (len(text) - start)


def _blank(found: "re.Match[str]") -> str:
    return MASK * len(found.group())


def _blank_speech(found: "re.Match[str]") -> str:
    """A short quoted name stays ('a book called "The Long Road"'); quoted speech goes."""
    inner = found.group(1)
    if len(inner.split()) <= 5 and not _FIRST_PERSON.search(inner):
        return found.group()
    return MASK * len(found.group())


def _blank_sentence(found: "re.Match[str]") -> str:
    """A placeholder makes its whole sentence a template: marked by a run of masks, judged by the clause reader."""
    return MASK * len(found.group())
