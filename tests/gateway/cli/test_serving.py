"""Commands against a serving gateway: submit, jobs, result, explain, rollout, users."""

import uuid
from pathlib import Path
from zipfile import ZipFile

import pytest

from gateway.cli.documents.commands import DOCUMENTS
from gateway.cli.rehearsal.invented_users.chatgpt import Export
from gateway.cli.rehearsal.invented_users.people import count_found
from tests.gateway.cli.conftest import CommandLine

ELSEWHERE = {"rollout guard", "shadow show", "drill rollback"}  # they need a look, a comparison, two processes


@pytest.fixture(autouse=True)
def flags_at_first(gateway: CommandLine) -> None:
    """Whatever the tests before left, in any order: the dial is on, and at 0 %."""
    assert gateway("rollout", "on").code == 0
    assert gateway("rollout", "set", "0").code == 0


@pytest.mark.parametrize("pipeline", ["v1", "v2"])
def test_submit_follows_the_job_and_prints_the_result(
    gateway: CommandLine, export: Export, export_file: Path, pipeline: str
) -> None:
    user = f"submit-{pipeline}"
    ran = gateway("submit", str(export_file), "--user", user, "--pipeline", pipeline)
    assert (ran.code, ran.err) == (0, "")
    assert f"on {pipeline}" in ran.out
    assert "100 %  complete" in ran.out
    assert export.person.name in ran.out
    row = gateway("result", user, "--json").json
    assert (row["pipeline"], row["import_status"]) == (pipeline, "complete")
    assert count_found(export.person, [str(row)]) > len(export.person.facts()) / 2


def test_submit_as_json_is_one_document(gateway: CommandLine, export_file: Path) -> None:
    document = gateway("submit", str(export_file), "--user", "json", "--json").json
    assert document["job"]["status"] == "complete"
    assert document["result"]["user_id"] == "json"


def test_an_export_without_conversations_fails_with_its_reason(gateway: CommandLine, tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("[]")
    ran = gateway("submit", str(empty), "--user", "empty")
    assert ran.code == 1
    assert "No conversations" in ran.err
    assert ran.err.count("\n") == 1
    (job,) = gateway("jobs", "list", "--user", "empty", "--json").json
    assert job["status"] == "failed"


def test_submit_for_v1_refuses_when_the_flag_says_v2(gateway: CommandLine, export_file: Path) -> None:
    gateway("rollout", "force", "wants-v1", "v2")
    ran = gateway("submit", str(export_file), "--user", "wants-v1", "--pipeline", "v1")
    assert ran.code == 1
    assert "rollout force wants-v1 v1" in ran.err
    assert gateway("jobs", "list", "--user", "wants-v1", "--json").json == []


def test_jobs_are_listed_and_shown(gateway: CommandLine, export_file: Path) -> None:
    gateway("submit", str(export_file), "--user", "lister")
    (job,) = gateway("jobs", "list", "--user", "lister", "--json").json
    assert job["id"] in gateway("jobs", "list").out
    shown = gateway("jobs", "show", job["id"], "--json").json
    assert (shown["status"], shown["pipeline"], shown["progress"]) == ("complete", "v1", 100)
    assert "storage_path" in gateway("jobs", "show", job["id"]).out


def test_what_was_left_out_of_an_export_is_told(gateway: CommandLine, export_file: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts.zip"
    with ZipFile(parts, "w") as file:
        file.write(export_file, "conversations-000.json")
        file.writestr("conversations-001.json", "")
    ran = gateway("submit", str(parts), "--user", "parts")
    assert (ran.code, ran.err) == (0, "")
    assert "Files of the export that are empty: 1." in ran.out
    (job,) = gateway("jobs", "list", "--user", "parts", "--json").json
    assert gateway("jobs", "show", job["id"], "--json").json["warnings"] == ["Files of the export that are empty: 1."]
    assert "Files of the export that are empty: 1." in gateway("jobs", "show", job["id"]).out


def test_a_job_that_is_over_is_neither_cancelled_nor_retried(gateway: CommandLine, export_file: Path) -> None:
    job = gateway("submit", str(export_file), "--user", "over", "--json").json["job"]["job_id"]
    assert gateway("jobs", "cancel", job).code == 1
    assert gateway("jobs", "retry", job).code == 1


def test_a_failed_job_can_be_retried(gateway: CommandLine, tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("[]")
    gateway("submit", str(empty), "--user", "again")
    (job,) = gateway("jobs", "list", "--user", "again", "--json").json
    assert gateway("jobs", "retry", job["id"], "--json").json == {"id": job["id"], "status": "pending"}


def test_unknown_and_malformed_job_ids_are_one_line(gateway: CommandLine) -> None:
    unknown, malformed = gateway("jobs", "show", str(uuid.uuid4())), gateway("jobs", "show", "nonsense")
    assert (unknown.code, malformed.code) == (4, 2)
    assert unknown.err.count("\n") == malformed.err.count("\n") == 1


def test_an_unknown_user_has_no_result(gateway: CommandLine) -> None:
    assert gateway("result", "nobody-here").code == 4


def test_the_dial_moves_and_is_explained(gateway: CommandLine) -> None:
    assert gateway("rollout", "set", "100", "--json").json["dial"] == 100
    told = gateway("explain", "anyone").out
    assert told.startswith("anyone: v2 (flag): ")
    assert "dial 100 %" in told
    off = gateway("rollout", "off", "--json").json
    assert (off["dial"], off["percent"]) == (0, 100)
    assert gateway("explain", "anyone", "--json").json["now"]["pipeline"] == "v1"
    assert gateway("rollout", "on", "--json").json["dial"] == 100
    assert gateway("rollout", "set", "0", "--json").json["dial"] == 0


def test_each_live_process_is_shown_with_what_is_in_force_there(gateway: CommandLine) -> None:
    (process,) = gateway("rollout", "show", "--json").json["processes"]
    assert (process["kind"], process["versions"], process["base"]) == ("api+worker", ["v1", "v2"], "v1")
    shown = gateway("rollout", "show").out
    assert all(word in shown for word in ("in force there", process["name"], process["flags_revision"]))


def test_changes_are_in_the_history_with_their_reason(gateway: CommandLine) -> None:
    gateway("rollout", "set", "3", "--why", "a careful start")
    newest = gateway("rollout", "history", "--json").json[0]
    assert (newest["via"], newest["why"], newest["after"]["percent"]) == ("cli", "a careful start", 3)
    assert "a careful start" in gateway("rollout", "history", "--limit", "1").out
    assert gateway("rollout", "set", "0", "--json").json["percent"] == 0


def test_the_local_override_says_so_until_it_is_lifted(gateway: CommandLine) -> None:
    gateway("rollout", "set", "100")
    assert gateway("rollout", "off", "--local", "--why", "no flag server", "--json").json["override"]["why"]
    shown = gateway("rollout", "show", "--json").json
    assert (shown["dial"], shown["percent"], shown["override"]["why"]) == (0, 100, "no flag server")
    for command in (("rollout", "show"), ("rollout", "history"), ("rollout", "set", "100")):
        assert "OVERRIDE" in gateway(*command).err
    told = gateway("explain", "anyone")
    assert "OVERRIDE" in told.out
    assert "anyone: v1 (override)" in told.out
    assert gateway("rollout", "on", "--local", "--json").json == {"override": None}
    assert gateway("explain", "anyone", "--json").json["now"]["pipeline"] == "v2"
    assert gateway("rollout", "set", "0", "--json").json["dial"] == 0


def test_a_job_is_explained_by_its_id(gateway: CommandLine, export_file: Path) -> None:
    job = gateway("submit", str(export_file), "--user", "asked-about", "--json").json["job"]["job_id"]
    told = gateway("explain", job, "--json").json
    assert (told["job"]["job_id"], told["job"]["reason"], told["now"]["user_id"]) == (job, "flag", "asked-about")
    assert f"job {job}: v1 (flag)" in gateway("explain", job).out


def test_a_preview_changes_nothing(gateway: CommandLine) -> None:
    before = gateway("rollout", "show", "--json").json["versions"]
    moves = gateway("rollout", "set", "50", "--preview", "--json").json
    assert moves["share_after"] == 50
    assert gateway("rollout", "show", "--json").json["versions"] == before


def test_somebody_elses_change_is_shown_not_overwritten(gateway: CommandLine) -> None:
    seen = gateway("rollout", "show", "--json").json["version"]
    gateway("rollout", "set", "7")
    ran = gateway("rollout", "set", "9", "--expect", seen)
    assert ran.code == 1
    assert "7 %" in ran.err
    assert gateway("rollout", "set", "0", "--json").json["percent"] == 0


def test_a_percentage_that_cannot_be_is_refused(gateway: CommandLine) -> None:
    assert gateway("rollout", "set", "0.25").code == 2
    assert gateway("rollout", "set", "101").code == 2


def test_a_user_is_named_and_let_go(gateway: CommandLine) -> None:
    assert gateway("rollout", "force", "vip", "v2", "--json").json["forced_in"] != []
    assert gateway("explain", "vip", "--json").json["now"]["pipeline"] == "v2"
    gateway("rollout", "force", "vip", "none")
    assert gateway("explain", "vip", "--json").json["now"]["pipeline"] == "v1"


def test_a_fact_is_shown_and_forgotten(gateway: CommandLine, export: Export, export_file: Path) -> None:
    gateway("submit", str(export_file), "--user", "forgetting")
    facts = gateway("users", "facts", "forgetting", "--json").json
    (name,) = [fact for fact in facts if fact["category"] == "name"]
    assert (name["value"], name["ended"]) == (export.person.name, None)
    assert name["id"] in gateway("users", "facts", "forgetting").out
    for wrong, code in ((("0" * 24,), 4), ((), 2), ((name["id"], "--all"), 2)):
        assert gateway("users", "forget-facts", "forgetting", *wrong).code == code
    assert gateway("users", "forget-facts", "forgetting", name["id"], "--json").json["facts"] == 1
    assert export.person.name not in gateway("users", "facts", "forgetting").out
    assert gateway("users", "forget-facts", "forgetting", "--all").code == 0
    assert gateway("users", "facts", "forgetting", "--json").json == []


def test_erasing_a_user_needs_a_yes_and_leaves_nothing(gateway: CommandLine, export_file: Path) -> None:
    gateway("submit", str(export_file), "--user", "leaving")
    assert gateway("users", "erase", "leaving").code == 2
    assert gateway("result", "leaving").code == 0
    assert gateway("users", "erase", "leaving", "--yes").code == 0
    assert gateway("result", "leaving").code == 4
    assert gateway("jobs", "list", "--user", "leaving", "--json").json == []


def test_the_schema_of_a_serving_gateway_is_up_to_date(gateway: CommandLine) -> None:
    assert gateway("migrate", "--check").code == 0


def test_a_second_server_on_the_port_says_so(gateway: CommandLine) -> None:
    ran = gateway("serve")
    assert ran.code == 1
    assert "cannot listen" in ran.err


def test_every_command_prints_the_document_that_is_documented(
    gateway: CommandLine, export_file: Path, tmp_path: Path
) -> None:
    """The command line fixture compares each; here, that none is left out."""
    job = gateway("submit", str(export_file), "--user", "documents", "--pipeline", "v2", "--json").json["job"]["job_id"]
    empty = tmp_path / "empty.json"
    empty.write_text("[]")
    gateway("submit", str(empty), "--user", "documents-failed")
    (failed,) = gateway("jobs", "list", "--user", "documents-failed", "--json").json
    gateway("rollout", "set", "9", "--why", "documents", "--json")
    row = gateway("rollout", "history", "--limit", "1", "--json").json[0]["id"]
    for line in (
        "migrate", "migrate --check", "check", "check --database", "result documents", "explain documents",
        f"explain {job}", "rollback --restore-data --list", "rollback --restore-data --dry-run",
        "rollback --restore-data --from v2 --dry-run", "rollback --restore-data", "rollback --restore-data --from v2",
        "jobs count", f"jobs show {job}", f"jobs retry {failed['id']}",
        "jobs retry --all --status failed --user documents-failed",
        "jobs retry --all --status failed --dry-run", "jobs cancel --all --status pending --user nobody", "jobs orders",
        "flags init", "rollout show", "rollout processes", "rollout looks", "rollout set 10 --preview",
        "rollout set 10 --why documents", "rollout set v2=12", "rollout shadow 5", "rollout shadow 0",
        "rollout force documents v2", "rollout force documents none", f"rollout note {row} looked-at",
        "rollout history", "rollout off", "rollout off --local", "rollout show", "rollout on --local", "rollout on",
        "rollout set 100", "rollout promote v2 --preview", "rollout demote", "rollout set 0",
        "ramp start --steps 1,5 --preview", "ramp start --steps 1,5 --hold 1h", "ramp pause", "ramp resume",
        "ramp status", "ramp abort --off", "rollout on", "rollout set 0",
        "shadow report", "shadow list", "users by-version", "users outcomes", "users list --pipeline v2",
        "users facts documents", "users forget-facts documents --all --yes", "users forget documents --yes",
        "users erase documents-failed --yes",
    ):  # fmt: skip
        ran = gateway(*line.split(), "--json")
        assert ran.code == 0, (line, ran.err)
    undo = gateway("rollout", "history", "--limit", "1", "--json").json[0]["id"]
    assert gateway("rollout", "undo", str(undo), "--json").code == 0
    assert set(DOCUMENTS) - gateway.printed == ELSEWHERE
