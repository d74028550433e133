"""`python -m gateway.shadow.sandbox.start`: steps behind everybody else, and then imports what a comparison needs."""

import os
from contextlib import suppress
from pathlib import Path

from gateway.confinement.kernel import end_with_parent

NICENESS = 19
GROUP_NICENESS = 5  # a quarter of a core that others want: enough for the share that it gets however many jobs run


def step_back() -> None:
    """End with the worker, and take the processor when nobody else wants it. What a system does not know is left out.

    In this order: who is that nice may be stopped, since it would end with the worker all the same.
    """
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with suppress(OSError):  # a session is a group of its own, and among groups its priority is the one that counts
        Path("/proc/self/autogroup").write_text(str(GROUP_NICENESS))
    with suppress(OSError):
        end_with_parent()
        os.nice(NICENESS)


if __name__ == "__main__":
    step_back()
    from gateway.shadow.sandbox.child import main

    main()
