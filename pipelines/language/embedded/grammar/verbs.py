"""Regular verbs of daily life, inflected, beside the ones that the lexicon spells out."""

from pipelines.language.embedded.grammar.words import word_set

_REGULAR = word_set(
    "weigh mentor babysit foster rent lease inherit chair moderate breed rescue juggle skate skateboard row kayak "
    "paddle canoe lift squat wrestle fence bowl golf bird camp trek wander explore hitchhike backpack stream game "
    "blog tweet vlog podcast illustrate sculpt carve weave quilt embroider woodwork weld solder tinker repair mend "
    "upcycle decorate ferment pickle roast grill forage harvest plant compost rear groom train volunteer donate tithe "
    "pray worship fast observe celebrate attend preach chant recite identify vote campaign protest boycott recycle "
    "commute shuttle drive deliver patrol guard nurse tend supervise oversee direct produce perform act conduct tour "
    "rehearse audition compete race sprint referee umpire cater bartend waitress tutor lecture translate interpret "
    "edit proofread transcribe market advertise consult advise audit trade invest budget save owe earn borrow lend "
    "mortgage rely depend survive undergo battle recover heal limp stutter stammer snore sleep wake nap exercise "
    "stretch jog walk bike skip box meditate journal worry panic fear dread miss crave snack graze diet count track "
    "log monitor inject medicate wear dye shave carry own possess possess subscribe prefer favour admire respect "
    "cherish treasure despise resent date court cohabit separate divorce remarry co-parent parent homeschool raise "
    "adopt care look carpool resign transfer relocate emigrate immigrate settle winter summer holiday vacation cruise "
    "visit crochet knit sew bake brew distil distill bottle photograph film develop print collect trade hoard restore "
    "program script automate deploy host self-host operate administer maintain manufacture import export supply "
    "represent defend prosecute diagnose treat operate prescribe inspect install survey identify lean hail descend "
    "stem descend join belong sponsor captain skipper umpire coach pitch play stammer enlist deploy retire apprentice "
    "qualify certify train revise cram major minor research crowdfund bootstrap franchise promise vow aspire strive "
    "dream long reside lodge squat dance waltz salsa tango sing busk drum strum hum compose arrange mix master rap "
    "gig jam solve puzzle speedrun roleplay draught craft whittle tattoo pierce thrift haggle stargaze birdwatch "
    "abide stomach garden swap exchange upgrade downgrade phase outsource prefer ban cancel postpone delay "
    "reschedule tolerate farm "
    "ranch milk shear plough herd keep hunt fish trap shoot spear dive snorkel sail surf windsurf kitesurf ski "
    "snowboard sled climb boulder abseil hike scramble cycle unicycle ride gallop jump vault skydive cuddle"
)
_IRREGULAR = (
    "sleep slept sleeping|wake woke waking woken|lend lent lending|shoot shot shooting|weave wove weaving woven|"
    "ride rode riding ridden|win wins won winning|pay pays paid paying|hold holds held holding|"
    "meet meets met meeting|lose lost losing|fall falls fell falling fallen|shear shorn shearing|mean means meant|"
    "babysit babysits babysat babysitting|bring brings brought bringing|cut cuts cutting|cost costs|"
    "dream dreamt dreams dreaming|forget forgot forgotten forgetting|know knows knew known knowing|"
    "see sees saw seen seeing|hang hangs hung hanging|"
    "relax relaxes relaxed relaxing|tell tells told telling|say says said saying|hear hears heard hearing|"
    "let lets letting|set sets setting|sit sits sat sitting|understand understood understanding|"
    "undergo undergoes underwent undergoing undergone|lead led|draw drew"
)
_VOWELS = frozenset("aeiou")
_DOUBLING = word_set(
    "jog nap log chat hum drum strum jam rap gig trap plan swap ban transfer shop chop hop hug dip clap skip "
    "babysit squat blog vlog cram"
)


def inflect(verb: str) -> tuple[str, ...]:
    """The regular forms of `verb`: third person, past, gerund."""
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    stem = verb + verb[-1] if verb in _DOUBLING else verb
    return verb, verb + ("es" if verb.endswith(("ch", "sh", "s", "x", "z")) else "s"), f"{stem}ed", f"{stem}ing"


def more_lemmas() -> dict[str, str]:
    """Every form of these verbs with its lemma."""
    forms = {form: verb for verb in sorted(_REGULAR) for form in inflect(verb)}
    for entry in _IRREGULAR.split("|"):
        words = entry.split()
        forms |= dict.fromkeys(words, words[0])
    return forms
