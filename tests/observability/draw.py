"""Draws the dashboards over a real rollout, with Grafana's own UI library: `make pictures` writes docs/images/."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.observability.panels import BOARDS, ROOT
from tests.observability.stack import Traffic, rollout, running_stack, traffic_for

RENDER = ROOT / "grafana" / "render"
BUILT = ROOT / ".cache" / "render"
IMAGES = ROOT / "docs" / "images"


def install() -> None:
    """Install the library from npm into .cache, and bundle the page, unless that was done for these very sources."""
    sources = {path.name: path.read_bytes() for path in RENDER.iterdir() if path.is_file()}
    done = BUILT / "dist" / "page.js"
    if done.exists() and all(
        (BUILT / name).exists() and (BUILT / name).read_bytes() == sources[name] for name in sources
    ):
        return
    BUILT.mkdir(parents=True, exist_ok=True)
    for name, content in sources.items():
        (BUILT / name).write_bytes(content)
    run("npm", "install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--no-package-lock")
    run("node", "build.mjs")


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=BUILT, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def draw(prometheus: str, began: float, images: Path) -> dict[str, dict[str, list[str]]]:
    """One picture a dashboard; returns what each said: empty panels, failed ones, errors of the page."""
    images.mkdir(parents=True, exist_ok=True)
    now = time.time()
    said = {}
    for board in BOARDS:
        picture = images / f"{board.stem}.png"
        answer = run(
            "node", "shoot.mjs", str(board), prometheus, str(picture), str(int(began)), str(int(now)),
            json.dumps({"instance": ".*", "pipeline": ".*", "__rate_interval": "15s"}),
        )  # fmt: skip
        said[board.stem] = json.loads(answer)
    return said


async def story(traffic: Traffic, rounds: int) -> None:
    """The rollout, told several times: enough of it for a picture."""
    for _ in range(rounds):
        await rollout(traffic)


def main() -> int:
    """Play, draw, and say which panels stayed empty."""
    if shutil.which("npm") is None or shutil.which("chromium") is None or shutil.which("prometheus") is None:
        raise SystemExit("node with npm, chromium and prometheus are needed to draw the dashboards")
    install()
    with tempfile.TemporaryDirectory(prefix="gateway-drawn-") as folder, running_stack(Path(folder)) as stack:
        began = time.time()
        asyncio.run(story(traffic_for(stack), rounds=3))
        said = draw(stack.prometheus.url, began, IMAGES)
    for board, words in said.items():
        print(board, {key: value for key, value in words.items() if value and key != "out"} or "complete")
    return 1 if any(words["failed"] or words["problems"] or words["empty"] for words in said.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
