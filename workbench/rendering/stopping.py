"""How a command is stopped: the first Ctrl-C, or SIGTERM, asks it to end; the second ends it, and so does the clock."""

import contextlib
import os
import signal
import sys
from typing import NoReturn

from workbench.rendering.processes import adopt_orphans, end_own_family

STOPPED = 130
"""The exit code of a command that was stopped, as a shell has it."""

_ENDS_WITHIN = 5
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def heed_signals() -> None:
    """Have the first signal raise `KeyboardInterrupt`, wherever this process is; have nothing below it get out of sight."""
    adopt_orphans()
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _ask)


def is_asked() -> bool:
    """Whether a signal has come: then whatever is raised is of that, for imports make other errors of an interrupt."""
    return any(signal.getsignal(number) is _end for number in _SIGNALS)


def leave() -> NoReturn:
    """End all that this process has started, and this process, without waiting for anything."""
    end_own_family()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(STOPPED)


def _ask(*_) -> NoReturn:
    for number in _SIGNALS:
        signal.signal(number, _end)
    if hasattr(signal, "setitimer"):
        # Whatever it was that did not let the interrupt through, or takes long to end.
        signal.signal(signal.SIGALRM, _end)
        signal.setitimer(signal.ITIMER_REAL, _ENDS_WITHIN)
    raise KeyboardInterrupt


def _end(*_) -> NoReturn:
    end_own_family()
    os.write(2, b"stopped\n")
    os._exit(STOPPED)
