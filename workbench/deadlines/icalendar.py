"""A calendar as a file that calendar programs subscribe to or import: iCalendar, RFC 5545."""

import datetime
from collections.abc import Iterable, Iterator

from workbench.deadlines.calendar import Due
from workbench.deadlines.wording import in_a_line
from workbench.model.digests import digest_of
from workbench.presentation.wording import Wording

_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def icalendar(dues: Iterable[Due], today: datetime.date, host: str, wording: Wording) -> bytes:
    """The calendar as a file in a language; the same for the same day.

    Parameters
    ----------
    today : datetime.date
        When it was made, which each event must say.
    host : str
        Whose the events are: what makes their identifiers the contact point's own.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Migration studies workbench//Calendar//EN",
        *(line for due in dues for line in _event(due, today, host, wording)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _event(due: Due, today: datetime.date, host: str, wording: Wording) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{digest_of(due.kind, due.name)[:32]}@{host}"
    yield f"DTSTAMP:{today:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{due.day:%Y%m%d}"
    yield f"SUMMARY:{in_a_line(due, wording).translate(_ESCAPED)}"
    yield f"CATEGORIES:{due.kind.upper()}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; no letter is parted, and each further part begins with a space."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _OCTETS:
            yield part
            part = " "
        part += letter
    yield part
