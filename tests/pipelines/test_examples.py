"""What the examples' people say of themselves is in their soulprints, from every pipeline."""

from pathlib import Path

import pytest

from pipelines.language.embedded import EmbeddedLanguage
from tests.pipelines.ports import bench, inline_compute
from tests.pipelines.test_every_pipeline import Run, whole_text

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
KNOWN = {
    "chatgpt": ("Ines", "Porto", "physiotherapist", "Clara", "Soren", "learning Danish", "keep your answers short"),
    "claude": ("Tomasz", "Gdansk", "furniture maker", "Hania", "playing chess", "answer with bullet points"),
    "plain": ("Noor", "Leiden", "translator", "Karim", "hiking"),
}  # fmt: skip


def test_every_example_is_known() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(KNOWN)


@whole_text
@pytest.mark.parametrize("example", KNOWN)
async def test_what_is_known_of_a_person_is_found(run: Run, example: str, tmp_path: Path) -> None:
    made = bench(tmp_path, EXAMPLES / f"{example}.json", language=EmbeddedLanguage(inline_compute))
    soulprint = await run(made.request, made.ports)
    told = "\n".join(filter(None, (soulprint.soulprint_text, soulprint.memory_md, soulprint.memory_log)))
    assert [known for known in KNOWN[example] if known not in told] == []
    assert soulprint.sections["user"]["name"] == KNOWN[example][0]
