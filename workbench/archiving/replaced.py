"""What an archive replaces: the revision before it, by name and digest, and why there is another."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workbench.archiving.damage import damaged
from workbench.archiving.described import corrections_in
from workbench.archiving.members import Members
from workbench.model.digests import file_digest
from workbench.model.types import Replaced

LABELS = ("Replaces", "Replaces-SHA256", "Replaces-Because", "Replaces-Changed")
"""Labels of `bag-info.txt`; they are not of the payload, for what is the same is not sealed again."""

_NO_REASON = "no correction is declared"


def tags_of(replaces: Replaced | None) -> dict[str, str]:
    """As a bag says it."""
    if replaces is None:
        return {}
    return dict(zip(LABELS, (replaces.name, replaces.digest, replaces.reason, replaces.changed)))


def replaced(
    archive: Path, before: Mapping[str, str], corrections: Sequence[str], digests: Mapping[str, str]
) -> Replaced:
    """What is to be said of an archive that another replaces.

    Parameters
    ----------
    archive : Path
        The one before.
    before, digests : mapping
        Path to sha256 of each file of the payload, of that one and of the new one.
    corrections : sequence of str
        All corrections of the edition.
    """
    with Members(archive) as members:
        known = corrections_in(members)
    new = [correction for correction in corrections if correction not in known]
    reason = " ".join(" ".join(new).split()) or _NO_REASON
    return Replaced(archive.stem, file_digest(archive), reason, "; ".join(_changes(before, digests)), is_told=bool(new))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """How many files changed, were added and removed in each folder."""
    many: dict[str, Counter[str]] = {}
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            kind = "added" if path not in before else "changed" if path in after else "removed"
            folder, slash, _ = path.partition("/")
            many.setdefault(folder + slash, Counter())[kind] += 1
    for folder, kinds in many.items():
        yield f"{folder} " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def said_to_replace(members: Members, said: Mapping[str, str]) -> Replaced | None:
    """What a bag says that it replaces; None for a first revision, and for an archive from before it was said.

    Raises
    ------
    DamagedArchive
        If that is no earlier revision of the same archive, or only part of it is said.
    """
    found = [said[label] for label in LABELS if label in said]
    if not found:
        return None
    own = re.fullmatch(r"(.+-r)(\d+)", members.top)
    earlier = own and re.fullmatch(rf"{re.escape(own[1])}([1-9]\d*)", found[0])
    if len(found) < len(LABELS) or not own or not earlier or int(earlier[1]) >= int(own[2]):
        expected = f"{', '.join(LABELS)}: an earlier revision of {members.top}"
        raise damaged(members.archive, "the archive is not a valid bag", "bag-info.txt", expected, repr(found)[:200])
    name, digest, reason, changed = found
    return Replaced(name, digest, reason, changed, is_told=reason != _NO_REASON)
