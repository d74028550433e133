"""The embedded Postgres: shared by processes, found again after kills, at home in deep folders."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.database.embedded_postgres import SOCKET_PATH_BYTES, EmbeddedPostgres


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder of our own: pytest closes the parents of `tmp_path` to the user that the server runs as under root."""
    with tempfile.TemporaryDirectory(prefix="soulprint-pg-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        yield server.root
        if server.pgdata.exists():
            server.stop_server("immediate")


def answers(server: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(server.url, connect_timeout=5) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_the_last_one_to_leave_stops_the_server(root: Path) -> None:
    one, other = EmbeddedPostgres(root), EmbeddedPostgres(root)
    one.start()
    other.start()
    one.close()
    assert answers(other)
    other.close()
    assert not answers(other)


def test_a_user_that_was_killed_does_not_count(root: Path) -> None:
    code = f"""
        import sys, time
        from pathlib import Path
        from gateway.database.embedded_postgres import EmbeddedPostgres
        server = EmbeddedPostgres(Path({str(root)!r}))
        server.start()
        print("started", flush=True)
        time.sleep(600)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        process.kill()
    server = EmbeddedPostgres(root)
    assert answers(server)  # left over, and used again
    server.start()
    server.close()
    assert not answers(server)


def test_data_survives_a_killed_server(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    pid = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    again = EmbeddedPostgres(root)
    again.start()
    with psycopg.connect(again.url) as connection:
        assert connection.execute("select n from kept").fetchall() == [(7,)]
    again.close()
    server.close()


def test_a_process_id_that_was_given_to_another_program_is_not_believed(root: Path) -> None:
    server = EmbeddedPostgres(root)
    server.start()
    pid_file = server.pgdata / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.close()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert answers(server)
    server.close()


def test_a_deep_folder_has_its_socket_elsewhere(root: Path) -> None:
    deep = root / ("d" * 60) / ("e" * 60) / "postgres"
    deep.parent.mkdir(parents=True)
    server = EmbeddedPostgres(deep)
    assert len(os.fsencode(server.socket_folder)) < SOCKET_PATH_BYTES
    server.start()
    try:
        assert answers(server)
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    finally:
        server.close()
