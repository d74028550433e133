"""What judges is pure: no I/O, no clock, no randomness."""

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[4] / "gateway" / "shadow"
PURE = (
    "compare/model", "compare/rules", "compare/normalise", "compare/similarity", "compare/facts", "compare/pair",
    "compare/judge", "report/statistics", "report/rates",
)  # fmt: skip
ALLOWED = {
    "collections", "fnmatch", "math", "msgspec", "rapidfuzz", "re", "typing", "unicodedata", "gateway", "pipelines",
}  # fmt: skip
ALLOWED_OURS = ("gateway.shadow", "pipelines.contract", "pipelines.stages.ledger")


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_imports_nothing_that_acts(name: str) -> None:
    for node in ast.walk(ast.parse((FOLDER / f"{name}.py").read_text())):
        imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        imported += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in imported:
            top = module.partition(".")[0]
            assert top in ALLOWED
            assert top not in ("gateway", "pipelines") or module.startswith(ALLOWED_OURS)
