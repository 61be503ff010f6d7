"""The command ``workbench``, and ``python -m workbench``."""

import os
import signal
import sys


def main() -> None:
    """Run the command, which can be stopped even while it is still importing."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stopped)
    from workbench.execution.preload import gc_paused, leave_out_unused

    leave_out_unused()
    with gc_paused():
        from workbench.cli import main as command
        from workbench.execution.stopping import STOPPED, heed_signals, leave

    heed_signals()
    try:
        command()
    except SystemExit as end:
        if end.code == STOPPED:
            leave()
        raise


def _stopped(*_: object) -> None:
    os.write(2, b"stopping: nothing was started\n")
    os._exit(130)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        # The working directory may hold a yaml.py that must not be taken for the library: search it last.
        sys.path.append(sys.path.pop(0))
    main()
