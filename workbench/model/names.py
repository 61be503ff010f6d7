"""The grammar of names, and the one gate that every name passes.

A name of a study, dataset, vintage, language, source or edition becomes part of paths, addresses and commands. Wherever one
comes in (a command, a declaration, the name of a file, what a data file says of itself), it is checked here, before anything
is read or written under it. Names are in lower case only: where the file system does not tell ``A`` from ``a``, two
spellings would be one file and two datasets.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from workbench.model.errors import InvalidName, near

LONGEST = 64
"""Characters: names are combined into names of files, which may have 255 bytes."""

LATEST = "latest"
"""The edition that has each study of the newest year that it has data for."""


@dataclass(frozen=True)
class Names:
    """One kind of names.

    Attributes
    ----------
    kind : str
        What they name.
    pattern : str
        The regular expression of the whole name.
    says : str
        The same in words, for errors.
    holds : callable
        Whether a name of this form is valid.
    """

    kind: str
    pattern: str
    says: str
    holds: Callable[[str], bool] = lambda name: True

    def allow(self, name: str) -> bool:
        """Whether a text is such a name."""
        return len(name) <= LONGEST and bool(self._expression.fullmatch(name)) and self.holds(name)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def checked(
        self, name: str, *, known: Iterable[str] = (), where: str | None = None, hint: str | None = None
    ) -> str:
        """Return a name if it is valid.

        Parameters
        ----------
        name : str
            As it came in.
        known : iterable of str
            The names that exist; the error lists the nearest.
        where : str, optional
            Where it was found, if not on the command line.
        hint : str, optional
            What to do, if not to give another name.

        Raises
        ------
        InvalidName
            If the grammar does not allow the name.
        """
        if self.allow(name):
            return name
        known = list(known)
        meant = name.strip().removeprefix("./").lower()
        raise InvalidName(
            f"{_shortened(name)} is not a name of {self.kind}",
            where=where,
            expected=self.says + (f"; {near(name, known)}" if known else ""),
            found=_shortened(name),
            unchanged="nothing was read and nothing was written under this name",
            hint=hint or (f"did you mean {meant}?" if self.allow(meant) else "give a name of this form"),
        )


def is_day(text: str) -> bool:
    """Whether a text that begins like an ISO date begins with a day of the calendar, from 1990 on."""
    try:
        return datetime.date.fromisoformat(text[:10]).year >= _FIRST_YEAR
    except ValueError:
        return False


_FIRST_YEAR = 1990
_AFTER_ALL_YEARS = 10_000
_WORD = r"[a-z][a-z0-9_]*"
_WORDS = f"lower-case letters, digits and underscores, at most {LONGEST}, the first a letter"

STUDY = Names("a study", _WORD, f"{_WORDS}, such as asylum_applications")
DATASET = Names("a dataset", _WORD, f"{_WORDS}, such as migr_asyappctza")
COLLECTION = Names("a collection", _WORD, f"{_WORDS}, such as lt_migration_department")
DIFFERENCE = Names("a difference", _WORD, f"{_WORDS}, such as unhcr_less_eurostat_applicants")
SOURCE = Names("a source", _WORD, f"{_WORDS}, such as estat")
DIMENSION = Names("a dimension", _WORD, f"{_WORDS} (capitals are read as lower case), such as citizen")
LANGUAGE = Names("a language", "[a-z]{2}", "two lower-case letters of ISO 639-1, such as lt")
EDITION = Names("an edition", rf"19[5-9]\d|20\d\d|{LATEST}", f"a year from 1950 to 2099, such as 2022, or {LATEST}")
QUERY_EDITION = Names(
    "the edition of a query",
    rf"(query|restricted)-{_WORD}",
    "query- and the name of a query, or restricted- where it is not for wider dissemination",
)
VINTAGE = Names(
    "a vintage",
    r"\d{4}-\d\d-\d\d(\.[1-9]\d{0,3})?",
    f"a day of the calendar from {_FIRST_YEAR} on, such as 2024-01-18, or 2024-01-18.2 for the second download of a day",
    is_day,
)
DAY = Names(
    "a day of download", r"\d{4}-\d\d-\d\d", f"a day of the calendar from {_FIRST_YEAR} on, such as 2024-01-18", is_day
)
# SDMX, section 6 of the standards: NestedNCNameID and IDType.
MAINTAINER = Names(
    "an SDMX agency",
    r"[A-Za-z][\w\-]*(\.[A-Za-z][\w\-]*)*",
    "letters, digits, - and _, parts joined by dots, such as ESTAT",
)
FLOW = Names(
    "an SDMX dataflow",
    r"[\w@\-]([\w@.\-]*[\w@\-])?",
    "letters, digits and _ @ . -, no dot at either end, such as MIGR_EIPRE",
)


def query_of(edition: str) -> str | None:
    """The query that an edition is of; None for one that is not of a query."""
    return edition.partition("-")[2] if QUERY_EDITION.allow(edition) else None


def edition_of_query(query: str, is_restricted: bool) -> str:
    """The edition that a query is: what is restricted has a name, and so a folder, of its own.

    >>> edition_of_query("visa_fees", is_restricted=False)
    'query-visa_fees'
    """
    return f"{_RESTRICTED if is_restricted else 'query-'}{query}"


def is_restricted(edition: str) -> bool:
    """Whether nothing of an edition may be published."""
    return edition.startswith(_RESTRICTED)


_RESTRICTED = "restricted-"


def edition_age(name: str) -> int:
    """The key that sorts editions, the newest first: `LATEST` before all years."""
    return -int(name) if name.isdecimal() else -_AFTER_ALL_YEARS


def latest_day(now: datetime.datetime) -> datetime.date:
    """Today's date where it is latest in the world: no download can be later.

    Parameters
    ----------
    now : datetime.datetime
        With a time zone.
    """
    return now.astimezone(datetime.timezone(datetime.timedelta(hours=14))).date()


def download_day(text: str, latest: datetime.date) -> datetime.date:
    """The day of a download as a person gives it, which cannot be in the future.

    A mistyped year would otherwise remain the newest vintage for good.

    Parameters
    ----------
    text : str
        ``2024-01-18``.
    latest : datetime.date
        As of `latest_day`.

    Raises
    ------
    InvalidName
        If it is not a day, or one in the future.
    """
    day = datetime.date.fromisoformat(DAY.checked(text))
    if day <= latest:
        return day
    raise InvalidName(
        f"the vintage {text} is in the future",
        expected=f"the day of the download, {latest} at the latest",
        found=text,
        unchanged="nothing was read and nothing was written",
        hint="check the year, and the clock of this machine",
    )


def _shortened(name: str) -> str:
    return repr(name) if len(name) <= LONGEST else f"{name[:40]!r}… ({len(name)} characters)"
