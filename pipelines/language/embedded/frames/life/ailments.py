"""Illnesses that stay: their names, as people say them of themselves and of their kin."""

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_ALONE = (
    "asthma arthritis osteoarthritis osteoporosis diabetes epilepsy ibs eczema psoriasis endometriosis fibromyalgia "
    "migraine migraines tinnitus dyslexia dyspraxia adhd autism ptsd pcos sciatica lupus crohn's colitis copd glaucoma "
    "hypothyroidism hyperthyroidism scoliosis narcolepsy gout rosacea emphysema haemophilia hemophilia "
    "coeliac celiac parkinson's parkinsons angina diverticulitis tourette's tourettes"
)
_OF_TWO = (
    "rheumatoid_arthritis type_1_diabetes type_2_diabetes type_one_diabetes type_two_diabetes coeliac_disease "
    "celiac_disease crohn's_disease crohns_disease parkinson's_disease parkinsons_disease macular_degeneration "
    "atrial_fibrillation sleep_apn(o)ea hay_fever heart_failure kidney_disease chronic_fatigue long_covid "
    "multiple_sclerosis cerebral_palsy muscular_dystrophy ulcerative_colitis high_blood_pressure heart_condition "
    "carpal_tunnel frozen_shoulder tennis_elbow slipped_disc herniated_disc plantar_fasciitis "
    "lactose_intolerance nut_allergy peanut_allergy bipolar_disorder type_1 type_2 restless_legs"
)
_OF_KIN = (
    "(vascular_)dementia early(-)onset_dementia early_onset_alzheimer's alzheimer's alzheimers "
    "alzheimer's_disease alzheimers_disease down('s)_syndrome asd ocd bipolar schizophrenia ms "
    "cystic_fibrosis sickle_cell motor_neurone_disease huntington's als"
)
_CANCERS = alternatives("breast lung bowel colon prostate skin ovarian pancreatic bladder liver kidney thyroid stomach")
_KINDS = r"(?:(?:rheumatoid|severe|mild|chronic|bad|advanced|early|gestational|juvenile|type (?:1|2|one|two)) )?"
ILLNESS = rf"{_KINDS}{alternatives(f'{_OF_TWO} {_ALONE}')}"
KINS_ILLNESS = (
    rf"{_KINDS}(?:{alternatives(f'{_OF_KIN} {_OF_TWO} {_ALONE}')}|(?:stage \w+ )?(?:{_CANCERS} )?cancer|"
    r"an? (?:[a-z]+ ){1,2}(?:allergy|disability|disorder))"
)
ILLNESS_WORDS = word_set(
    f"{_ALONE} degeneration fibrillation apnea apnoea fever failure disease fatigue covid sclerosis palsy dystrophy "
    "pressure tunnel shoulder elbow disc fasciitis condition intolerance allergy disorder type legs"
)
MEDICINES = (
    r"(?:blood thinners|"
    + alternatives(
        "warfarin insulin statins antidepressants metformin sertraline levothyroxine thyroxine prednisone prednisolone "
        "methotrexate lithium ritalin adderall vyvanse concerta zoloft prozac lexapro apixaban eliquis xarelto ozempic "
        "mounjaro wegovy tamoxifen hrt beta_blockers testosterone humira gabapentin pregabalin"
    )
    + r"|[a-z]{3,}(?:statin|pril|olol|oxetine|sartan|dipine|formin|lamine|gliptin|gliflozin))"
)
_ILL = re.compile(rf"(?:has |diagnosed with )?{KINS_ILLNESS}|on dialysis|had a stroke|in a wheelchair", re.IGNORECASE)


def is_illness(text: str) -> bool:
    """Whether it says what somebody has, and no more: "vascular dementia", "on dialysis"."""
    return _ILL.fullmatch(text) is not None
