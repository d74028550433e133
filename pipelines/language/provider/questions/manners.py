"""Words in which a profile may describe how somebody talks, or how to answer, without anybody having used them.

They judge nobody and name nothing outside the conversation: no person, place, product, deed or order to act.
"""

from typing import Final

from pipelines.language.provider.questions.support import keys

MANNER: Final = keys(
    "able academic accessible acknowledge active adapt adaptive adjust advanced advice affirming again ahead always "
    "ambitious analysis analytic analytical answer anxious appreciate appreciates approach approachable archetype "
    "articulate ask assistant assume assumption attention attentive avoid aware balance balanced basic before "
    "beginner best better bold boundary brainstorm brief bright broad bullet calm candid capability careful caring "
    "casual cautious change characteristic chat chatty check cheerful choice clarify clarity clear close code coding "
    "collaborative colloquial comfortable comment common communicate communication companion compare compassionate "
    "complete complex comprehensive concept concern concise conclusion concrete confident confirm conscientious "
    "consider considerate consistent constructive context conversation conversational correct correction courteous "
    "creative creativity critical curiosity curious current data decision dedicated deep default deliberate depth "
    "describe description detail detailed determined different diligent direct directness discuss discussion "
    "disciplined dry earnest easy edit efficient effort elaborate emoji emotion emotional empathetic empathy "
    "encourage encouraging end energetic engaged engaging english enthusiasm enthusiastic even everyday example "
    "excited exclamation expert explain explanation explicit exploratory explore explorer express expression "
    "expressive fact factual familiar fast feedback feel feeling few filler first flexible focus focused follow "
    "formal formality format formatting frequent fresh friend friendly frustrated full fun general generous gentle "
    "genuine give go goal good grammar grateful greet greeting greetings guess guidance guide happy heading hedge "
    "hello help helper helpful helps hey hi high highly hint honest honesty hopeful humble humor humorous humour idea "
    "imaginative important independent informal information informative initiative inquisitive insight insightful "
    "instruction intellectual interest interested introspective introduction inventive involve jargon joke judge keep "
    "kind knowledge language lead learn learner length level light lighthearted likely line list listen literal "
    "logical long look low maker many markdown match maximum mean meaning measured medium memory mention message "
    "methodical mild mind minimal mix mixed moderate mood more most motivated much natural need negative nervous "
    "neutral new next nice nuance nuanced objective offer often open opener openness opinion optimistic option order "
    "organised organized original outgoing outline output overall overview pace paragraph passionate patient pattern "
    "perfectionist personal personality perspective persistent phrase plain plan planner planning playful please "
    "polite positive practical pragmatic precise preference prefers present problem process productive professional "
    "programming project pronoun proofread punctuation purpose question quick quiet range rare rarely rational read "
    "reader reason reasoning reassure reassuring recap reference reflect reflective relate relaxed relevant reliable "
    "remember remind repeat repetition reply request research reserved resourceful respect respectful respond "
    "response result revise rewrite rhythm rule sarcasm sarcastic scientific seek seeks self sense sensitive sentence "
    "serious share short show simple sincere skill slang slow small snippet sociable solution solve sometimes sound "
    "spacious speak specific spelling standard start state steady step straightforward strategic stress stressed "
    "strong structure structured student style subtle suggest suggestion summarise summarize summary support "
    "supportive sure table tailor talk task teach tease technical technique tend tends term terse test thank thanks "
    "thinker thinking thorough thought thoughtful time tip together tone tool topic trait try turn type typical "
    "unless understand understanding unnecessary up upbeat usage useful usual verbose versatile vibe visual "
    "vocabulary voice want warm warmth way web welcome well whenever whimsical wide wish wit witty wonder word "
    "wording worried write writer writing"
)
