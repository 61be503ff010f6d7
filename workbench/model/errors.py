"""Errors that say what was expected, what was found, where, what is unchanged, and what to do."""

import errno
import re
from collections.abc import Iterable

# Characters by which a text from a file would command the terminal, or be read in another order than it is written; and halves
# of characters, as JSON may have them, which no file could be written with.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# Shorter ones, as of, pct and per, say little of what is meant.
_SHORTEST_WORD = 4


def visible(text: str) -> str:
    """A text in which nothing commands a terminal, or turns the order of its letters round."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


class WorkbenchError(Exception):
    """An error the user can act on.

    Parameters
    ----------
    what : str
        What went wrong, in one sentence.
    expected, found : str, optional
        What was expected and what was found instead.
    where : str, optional
        File, row, column, cell or key.
    unchanged : str, optional
        What is as it was before.
    hint : str, optional
        What to do now.
    """

    def __init__(
        self,
        what: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        where: str | None = None,
        unchanged: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.what = what
        self.expected = expected
        self.found = found
        self.where = where
        self.unchanged = unchanged
        self.hint = hint
        details = {
            "where": where,
            "expected": expected,
            "found": found,
            "unchanged": unchanged,
            "hint": hint,
        }
        lines = [what, *(f"  {name}: {text}" for name, text in details.items() if text)]
        super().__init__(visible("\n".join(lines)))


class InvalidName(WorkbenchError):
    """A name that the grammar of its kind does not allow, so that no path, address or command is made from it."""


class InvalidDeclaration(WorkbenchError):
    """A file of ``params/`` that does not say what it must."""


class UnknownCode(WorkbenchError):
    """A code, label or dimension that a code list or a vintage of a dataset does not have."""


class MalformedFile(WorkbenchError):
    """A data file that is not what its format promises."""


class DoubtfulFile(WorkbenchError):
    """A data file that can be read, but is hardly what it is taken for."""


class SourceUnavailable(WorkbenchError):
    """A provider that did not answer, or not completely, however often it was asked."""


class RefusedDownload(WorkbenchError):
    """A provider's answer that is not the data that was asked for."""


class MissingSnapshot(WorkbenchError):
    """No snapshot of the dataset, or not the vintage that was asked for."""


class DamagedSnapshot(WorkbenchError):
    """A snapshot whose bytes are not those its card was written for."""


class ConflictingSnapshot(WorkbenchError):
    """A different file under the address of a snapshot that already exists."""


class RefusedRun(WorkbenchError):
    """A run that cannot be made: unknown or wrong parameters, or no data for them."""


class UnboundNumber(WorkbenchError):
    """A number hard-coded in prose, with no result behind it."""


class InconsistentResult(WorkbenchError):
    """One published number with two values."""


class FalseStatement(WorkbenchError):
    """A sentence that its numbers do not bear out."""


class FailedRun(WorkbenchError):
    """A notebook that stopped with an error."""


class UnresolvedReview(WorkbenchError):
    """A comment of a reviewer that must be resolved before an edition is final."""


class DamagedArchive(WorkbenchError):
    """An archive that is not what it was sealed as."""


class RefusedSignature(WorkbenchError):
    """A signature that is not that of the archive beside it, or not by the key that was asked for."""


_HINTS = {
    "make room on the disk": (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    "let this process open more files: ulimit -n 1024": (errno.EMFILE, errno.ENFILE),
    "make sure that you may read it, and write there": (errno.EACCES, errno.EPERM, errno.EROFS),
    "take a shorter name": (errno.ENAMETOOLONG,),
    "look at what is there: a file, a folder or a link in place of another, or nothing": (
        errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP,
    ),
    "check that the disk is sound and the file can be read": (errno.EIO, errno.EINVAL, errno.ESTALE),
}  # fmt: skip


def refused_by_system(error: OSError) -> WorkbenchError | None:
    """What the system refused, as an error that the user can act on; None if it is not about the state of the machine.

    Parameters
    ----------
    error : OSError
        As Python raised it.
    """
    hint = next((hint for hint, numbers in _HINTS.items() if error.errno in numbers), None)
    where = None if error.filename is None else str(error.filename)
    return WorkbenchError(f"the system refused this: {error.strerror}", where=where, hint=hint) if hint else None


def words_of(name: str) -> list[str]:
    """The words that a name is put together from, without those that are too short to say much."""
    return [word for word in name.casefold().replace("_", " ").replace("-", " ").split() if len(word) >= _SHORTEST_WORD]


def _shared(name: str, other: str) -> float:
    """The share of the words of a name of several words that another has, or begins with: ``visa`` is in ``visas_issued``."""
    asked, there = words_of(name), words_of(other)
    return sum(any(word.startswith(one) for word in there) for one in asked) / len(asked) if len(asked) > 1 else 0.0


def near(name: str, known: Iterable[str], most: int = 5) -> str:
    """Name the known words nearest to an unknown one, as a phrase for ``expected``.

    Parameters
    ----------
    name : str
        The word that was not found.
    known : iterable of str
        The words that would have been.
    most : int
        The largest number to name.

    Returns
    -------
    str
        ``"one of LT, LV"``, all known words, if they are few; ``"near: …"`` otherwise.
    """
    known = sorted(set(known))
    if len(known) <= most:
        return "one of " + ", ".join(known) if known else "none is known"
    from difflib import SequenceMatcher

    folded = name.casefold()

    def nearness(word: str) -> float:
        # Codes are short: the same first letter counts for more than a letter somewhere.
        word = word.casefold()
        begins = 0.5 if word[:1] == folded[:1] else 0.0
        return SequenceMatcher(None, folded, word).ratio() + begins + _shared(folded, word)

    nearest = sorted(known, key=lambda word: (-nearness(word), word))[:most]
    return "near: " + ", ".join(nearest)
