"""`python -m gateway.cli.rehearsal.stage.attended PID MODULE ...`: runs a module until process PID is gone.

A rehearsal that is killed cannot stop what it started; what it started can see that.
"""

import os
import runpy
import signal
import sys
import threading
import time
from typing import Final

LOOK_SECONDS: Final = 1.0


def stop_after(parent: int) -> None:
    """Wait until this process has another parent, then ask it to stop."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the module as if it had been called by itself."""
    parent, module = int(sys.argv[1]), sys.argv[2]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # while it starts, too, it leaves in order
    threading.Thread(target=stop_after, args=[parent], daemon=True, name="attend").start()
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
