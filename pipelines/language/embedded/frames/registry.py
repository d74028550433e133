"""Which frames read which verb."""

from pipelines.language.embedded.frames.attitudes import beliefs, favourites, goals, tastes
from pipelines.language.embedded.frames.candidate import Frame
from pipelines.language.embedded.frames.identity import about
from pipelines.language.embedded.frames.intentions import decisions, plans
from pipelines.language.embedded.frames.life import health, home, people, ways
from pipelines.language.embedded.frames.occupation import own_work, pastimes, projects, studies, work
from pipelines.language.embedded.frames.open_frames import being, citizens, having, stated
from pipelines.language.embedded.frames.open_frames.telling import TELLING
from pipelines.language.embedded.grammar.clause import Clause


def _table(*rows: tuple[str, tuple[Frame, ...]]) -> dict[str, tuple[Frame, ...]]:
    table: dict[str, tuple[Frame, ...]] = {}
    for verbs, frames in rows:
        for verb in verbs.split():
            table[verb] = table.get(verb, ()) + frames
    return table


_PASTIMES = (
    "play knit bake cook paint draw garden sing dance swim hike climb surf ski cycle jog fish hunt brew sew "
    "crochet bike sail meditate row box ride restore collect photograph watch read follow travel listen go "
    "practice practise skate snowboard kayak juggle whittle forage"
)
_MAKING = (
    "build develop design create launch write make compose prepare renovate start begin record "
    "research maintain prototype code program restore found organize organise ship"
)
FRAMES = _table(
    ("be", (about.be, ways.sober, ways.expecting, citizens.citizen)),
    ("have", (people.have, own_work.keeps)),
    ("get", (people.get, ways.diagnosed, ways.travel_sick)),
    ("become go turn", (ways.turned,)),
    ("live reside stay base settle", (home.live,)),
    ("live", (ways.household,)),
    ("move relocate", (home.move,)),
    ("grow", (home.grow,)),
    ("come", (home.come,)),
    ("work", (work.work,)),
    ("teach coach", (work.teach,)),
    ("study", (studies.study,)),
    ("run own", (work.run,)),
    ("manage lead", (work.lead, work.run)),
    ("specialize specialise graduate major", (work.specialise,)),
    ("freelance volunteer", (work.freelance,)),
    ("do finish pursue start complete", (studies.degree,)),
    ("do", (own_work.does,)),
    ("retire", (work.retire,)),
    ("like love enjoy adore hate dislike detest loathe", (tastes.like,)),
    ("stand tolerate bear abide stomach", (tastes.stand,)),
    ("watch follow", (favourites.unwatched,)),
    ("prefer favor favour", (tastes.prefer,)),
    ("rather", (tastes.rather,)),
    (_PASTIMES, (pastimes.pastime,)),
    ("become get", (pastimes.become,)),
    ("take start begin learn", (pastimes.take_up,)),
    ("sell drive", (work.sell,)),
    ("train retrain", (work.trained,)),
    ("start", (work.started,)),
    ("code program", (work.program,)),
    ("buy", (work.buy,)),
    ("spend", (pastimes.spend,)),
    ("use deploy host rely", (tastes.use,)),
    ("want", (goals.want,)),
    ("try hope plan work", (goals.strive,)),
    ("eat drink avoid tolerate do", (health.diet,)),
    ("smoke", (health.smoke,)),
    ("break injure sprain fracture tear", (health.injure,)),
    ("wear use", (health.wear,)),
    ("end", (decisions.ended,)),
    ("give", (decisions.give_up,)),
    ("do", (pastimes.doing,)),
    ("make", (decisions.mind,)),
    ("consider", (about.myself,)),
    ("turn become", (people.turn,)),
    ("put", (projects.make,)),
    ("suffer struggle deal recover live", (health.suffer,)),
    ("take", (health.take, studies.sit_exam)),
    ("sit", (studies.sit_exam,)),
    ("adopt", (people.adopt,)),
    ("expect", (people.expect,)),
    ("raise keep", (people.raise_,)),
    (_MAKING, (projects.make,)),
    ("learn", (projects.learn,)),
    ("speak", (projects.speak,)),
    ("plan intend aim hope", (plans.plan,)),
    ("tell promise", (plans.give_word,)),
    ("promise pledge vow swear commit sign register enroll enrol book schedule arrange", (plans.promise,)),
    ("fly leave start visit travel move begin meet join run launch ship", (plans.depart,)),
    ("decide", (decisions.decide,)),
    ("choose pick select opt settle", (decisions.choose,)),
    ("go", (decisions.go_with, about.goes_by)),
    ("switch migrate replace convert swap trade exchange upgrade", (decisions.switch,)),
    ("drop ditch quit stop cancel abandon agree accept reject turn", (decisions.drop,)),
    ("believe think feel reckon consider", (beliefs.believe,)),
    ("value care support oppose trust appreciate", (beliefs.value,)),
)

MODAL_FRAMES: dict[str, tuple[Frame, ...]] = {"will": (plans.will,), "let's": (plans.will,), "must": (plans.must,)}
_DREAMS: tuple[Frame, ...] = (stated.dreamt,)
ANY_VERB: tuple[Frame, ...] = (stated.stated, stated.narrowly)
READ_VERBS = frozenset(FRAMES) | frozenset(stated.VERBS) | frozenset(TELLING) | {"be", "have", "do", "get"}
OPEN_FRAMES: dict[str, tuple[Frame, ...]] = {
    "be": (being.being,),
    "have": (having.having,),
    "love": _DREAMS,
    "like": _DREAMS,
    "get": (having.got, stated.narrowly),
}


def is_read(clause: Clause) -> bool:
    """Whether any frame may read the clause."""
    return clause.lemma in READ_VERBS or clause.modal in MODAL_FRAMES
