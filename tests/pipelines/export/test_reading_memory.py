"""Memory: measured in a fresh process, so that nothing else is counted."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bench.exports import write_export
from tests.amount import amount

MIB = 1024 * 1024
SCRIPT = """
import resource, sys
from pathlib import Path
from pipelines.export import ExportError, ReadCounts, read_export

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024

for _ in read_export(Path(sys.argv[1])): pass   # imports and first allocations
if len(sys.argv) > 3:
    size = int(sys.argv[3]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
before, counts = peak(), ReadCounts()
try:
    for _ in read_export(Path(sys.argv[2]), counts=counts): pass
except ExportError:
    pass
print(counts.conversations, peak() - before)
"""


def growth(small: Path, big: Path, *limit: int) -> tuple[int, int]:
    """(conversations, peak memory above the start in MiB) of reading `big`."""
    command = [sys.executable, "-c", SCRIPT, str(small), str(big), *map(str, limit)]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, timeout=240)
    count, above = done.stdout.split()
    return int(count), int(above)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("memory") / "small.json"
    write_export(path, 1)
    return path


pytestmark = [
    pytest.mark.scene,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"),
]


def test_memory_does_not_grow_with_the_export(small: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    written = write_export(big, megabytes := amount(60, 100))
    count, above = growth(small, big)
    assert count == written
    assert above < 32, f"a {megabytes} MB export"


def test_one_huge_conversation_takes_little_more_than_its_text(small: Path, tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    write_export(huge, 60, single=True)
    _, above = growth(small, huge)
    assert above < 100, "60 MB of JSON, of which some 40 are text"


def test_an_export_larger_than_the_address_space_is_read(small: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    written = write_export(big, 140)
    limit = 128
    assert big.stat().st_size > limit * MIB
    assert growth(small, big, limit)[0] == written
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != limit * MIB, "only the child is limited"


MANY = 2_000_000


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b'"messages": [%s {}]' % (b"{}," * MANY), id="messages"),
        pytest.param(b'"title": [%s 1]' % (b"[]," * MANY), id="a title of lists"),
        pytest.param(b'"mapping": {"n": {"message": {"content": [%s 1]}}}' % (b"[]," * MANY), id="a node of lists"),
        pytest.param(b'"title": NaN, "x": [%s 1]' % (b"{}," * MANY), id="loose"),
    ],
)
def test_hostile_structure_stays_within_bounds(small: Path, tmp_path: Path, hostile: bytes) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(b'[{"id": 1, %s}, %s' % (hostile, small.read_bytes()[1:]))
    _, above = growth(small, path)
    assert above < 220
