"""How fast an export is read, and in how much memory, beside the parsers that one would reach for first.

    python -m bench.reading                           # a 200 MB export of our own making
    python -m bench.reading --megabytes 1000 --single 117
    python -m bench.reading --file export.json        # one of yours

Each figure is the median of interleaved runs, each in a fresh process; only ratios within one run of this script count.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ijson

from bench.exports import MEGABYTE, write_export
from bench.figures import Figure, tell
from pipelines.export import Limits, read_export
from pipelines.export.json_text.cursor import Cursor
from pipelines.export.json_text.window import Window
from pipelines.export.parts.decode import Decoder
from pipelines.export.parts.document import pieces

GOAL_RATIO, GOAL_MEMORY, GOAL_SINGLE = 2.3, 64, 160
ROOT = Path(__file__).resolve().parents[1]


def read_json_load(path: Path) -> int:
    """The whole file at once, with the standard library."""
    with path.open(encoding="utf-8") as file:
        return len(json.load(file))


def read_ijson(path: Path) -> int:
    """Element by element, with ijson's fastest backend."""
    with path.open("rb") as file:
        return sum(1 for _ in ijson.get_backend("yajl2_c").items(file, "item", use_float=True))


def read_decode(path: Path) -> int:
    """Ours, up to typed parts: every message decoded."""
    limits = Limits()
    decoder = Decoder(limits)
    count = 0
    with path.open("rb") as file:
        for piece in pieces(Cursor(Window(file, limits.window_bytes), limits)):
            for _ in (decoder.decode(piece).nodes or {}).values():  # large trees are decoded as one looks
                pass
            count += 1
    return count


def read_conversations(path: Path) -> int:
    """Ours, whole: conversations with their active branch and its text."""
    return sum(1 for _ in read_export(path))


READERS: dict[str, Callable[[Path], int]] = {
    "json.load": read_json_load,
    "ijson yajl2_c": read_ijson,
    "ours, decoded": read_decode,
    "ours, conversations": read_conversations,
}


def peak_mib() -> float:
    """The process's peak resident memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measure(reader: str, path: Path) -> None:
    """In the child: read once, print elements, seconds, and peak memory above the start in MiB."""
    before, start = peak_mib(), time.perf_counter()
    count = READERS[reader](path)
    print(count, time.perf_counter() - start, peak_mib() - before)


def run_child(reader: str, path: Path) -> tuple[float, float]:
    """(MB/s, MiB above the start) of one reading in a fresh process."""
    command = [sys.executable, "-m", "bench.reading", "--child", reader, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    _, seconds, above = map(float, done.stdout.split())
    return path.stat().st_size / MEGABYTE / seconds, above


def compare(path: Path, readers: list[str], rounds: int) -> dict[str, tuple[float, float]]:
    """Median MB/s and highest memory of each reader, rounds interleaved."""
    runs: dict[str, list[tuple[float, float]]] = {reader: [] for reader in readers}
    for _ in range(rounds):
        for reader in readers:
            runs[reader].append(run_child(reader, path))
    return {
        reader: (statistics.median(speed for speed, _ in found), max(above for _, above in found))
        for reader, found in runs.items()
    }


def report(title: str, found: dict[str, tuple[float, float]], goals: list[Figure]) -> None:
    """Print one table and how the goals were met."""
    print(f"\n{title}\n{'reader':<22}{'MB/s':>8}{'x ijson':>9}{'MiB above start':>17}")
    reference = found.get("ijson yajl2_c", (0.0, 0.0))[0]
    for reader, (speed, above) in found.items():
        ratio = f"{speed / reference:9.2f}" if reference else " " * 9
        print(f"{reader:<22}{speed:8.0f}{ratio}{above:17.0f}")
    tell(goals)


def goals_of(found: dict[str, tuple[float, float]], memory: int) -> list[Figure]:
    """What was asked, what was seen."""
    speed, above = found["ours, decoded"]
    above = max(above, found["ours, conversations"][1])
    goals = [Figure("reading: memory above the start, MiB", above, memory)]
    if "ijson yajl2_c" in found:
        ratio = speed / found["ijson yajl2_c"][0]
        goals.append(Figure("reading: times as fast as ijson", ratio, GOAL_RATIO, "at least"))
    return goals


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the export to make")
    parser.add_argument("--single", type=int, default=0, help="also measure one conversation of this many megabytes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=Path, help="measure this export instead of making one")
    parser.add_argument("--child", choices=READERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        measure(arguments.child, arguments.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or Path(folder) / "export.json"
        if not arguments.file:
            write_export(path, arguments.megabytes)
        readers = [name for name in READERS if name != "json.load" or path.stat().st_size <= 300 * MEGABYTE]
        found = compare(path, readers, arguments.rounds)
        report(f"an export of {path.stat().st_size / MEGABYTE:.0f} MB", found, goals_of(found, GOAL_MEMORY))
        if arguments.single:
            path = Path(folder) / "single.json"
            write_export(path, arguments.single, single=True)
            found = compare(path, ["ours, decoded", "ours, conversations"], arguments.rounds)
            size = path.stat().st_size / MEGABYTE
            report(f"one conversation of {size:.0f} MB", found, goals_of(found, GOAL_SINGLE))


if __name__ == "__main__":
    main()
