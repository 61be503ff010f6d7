"""How the environment of today differs from the one in which an archive was made."""

import platform
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from workbench.execution.browser import browser_version, name_and_number
from workbench.model.digests import code_digest

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")


@dataclass(frozen=True)
class Change:
    """Something of the environment that differs: its version as archived, and as it is here."""

    name: str
    archived: str
    here: str


def changes(lock: str, about: dict) -> list[Change]:
    """Python and the packages whose versions differ.

    Parameters
    ----------
    lock : str
        ``requirements.lock`` of the archive; a package may have a version for each system and Python.
    about : dict
        ``code/version.json`` of the archive.
    """
    python = Change("Python", about["python"], platform.python_version())
    return [*([python] if python.archived != python.here else []), *_of_packages(lock)]


def _of_packages(lock: str) -> Iterator[Change]:
    pinned = defaultdict(list)
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            pinned[pin["name"]].append(pin["version"])
    for name, versions in pinned.items():
        here = _installed(name)
        # What is not here is for another system, or for those who develop the workbench; what makes studies would be missed.
        if here and here not in versions:
            yield Change(name, " or ".join(versions), here)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def unprintable(about: dict) -> str | None:
    """Why printed pages cannot be compared; None if they can: the browser is the one that printed them."""
    if (here := browser_version()) is None:
        return "not printed, because there is no Chromium or Chrome on the PATH"
    # Older archives say who built it, too.
    there = name_and_number(about["browser"] or "")
    return None if here == there else f"printed by {here}, and in the archive by {there}"


def other_code(about: dict) -> str | None:
    """That the workbench which is installed is another than that of the archive, whose own code runs; None if it is the same."""
    return None if code_digest() == about["sha256"] else f"version {about['version']}, sha256 {about['sha256'][:12]}…"
