"""Chromium on this machine, by which pages are printed: a program that may be there, and is not needed."""

import re
import shutil
import subprocess
from functools import cache

# The shell without windows comes first: it opens and prints a page in a third of the processor's time, to the same bytes.
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_ANSWERS_WITHIN = 20
_NAME_AND_NUMBER = re.compile(r"\D+[\d.]+")


@cache
def browser() -> str | None:
    """Where it is; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@cache
def browser_version() -> str | None:
    """Its name and number, such as ``Chromium 131.0.6778.85``; None where there is none, or it does not say them."""
    if (program := browser()) is None:
        return None
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_ANSWERS_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return name_and_number(said.stdout)


def name_and_number(said: str) -> str | None:
    """What a browser says of itself, without who built it; None where it says no such thing."""
    found = _NAME_AND_NUMBER.match(said.strip())
    return found.group() if found else None
