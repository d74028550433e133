"""What a machine imposes is tried at start, and told: in readiness, as a metric, by `gateway check`."""

import threading
import time
from pathlib import Path

import pytest

from gateway.confinement import landlock
from gateway.confinement.confine import Bounds
from gateway.confinement.model import RESTRICTIONS, UNTRIED, Confinement
from gateway.confinement.trial import found_inside, try_confinement
from gateway.web.routes.ops import check_confinement
from tests.gateway.confinement.scene import in_a_fork

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


def test_all_that_this_kernel_has_is_found_to_stand() -> None:
    found = try_confinement()
    assert (found.whole, found.standing) == (True, tuple(RESTRICTIONS))
    assert str(found).startswith("all restrictions stand")
    check = check_confinement(found)
    assert (check.ok, check.required, check.detail["missing"]) == (True, False, {})


def test_what_is_not_there_is_named_with_the_reason(tmp_path: Path) -> None:
    found = in_a_fork(lambda _: {"missing": [*found_inside(Bounds(tmp_path, level=0)).items()]})  # type: ignore[list-item]
    told = Confinement(dict(found["missing"]))  # type: ignore[arg-type]
    assert dict(told.missing) == {"files": "no Landlock: it needs Linux 5.13"}
    assert str(told) == "not there: files (no Landlock: it needs Linux 5.13)"
    check = check_confinement(told)
    assert (check.ok, check.required, check.detail["standing"]) == (False, False, told.standing)


def test_before_it_was_tried_nothing_is_said_to_stand() -> None:
    assert (UNTRIED.whole, UNTRIED.standing) == (False, ())


def test_a_trial_that_hangs_holds_up_no_start() -> None:
    def hang(_: Bounds) -> dict[str, str]:
        time.sleep(600)
        return {}

    found = try_confinement(seconds=1, trial=hang)
    assert dict(found.missing) == dict.fromkeys(RESTRICTIONS, "the trial ended without an answer")


def test_the_trial_leaves_no_process_behind() -> None:
    def children() -> str:
        return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()

    before = children()
    try_confinement()
    assert children() == before
