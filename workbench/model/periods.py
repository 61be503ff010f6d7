"""Arithmetic of periods: years (``2023``), quarters (``2023-Q4``) and months (``2023-11``), as texts that sort by time."""

import calendar
import datetime
import re
from collections.abc import Iterable

_PERIOD = re.compile(r"\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?")


def is_period(text: str) -> bool:
    """Whether a text is a year, quarter or month."""
    return bool(_PERIOD.fullmatch(text))


def year_of(time: str) -> int:
    """The year of a period.

    >>> year_of("2023-Q4")
    2023
    """
    return int(time[:4])


def in_a_year(time: str) -> int:
    """How many periods of this length a year has.

    >>> in_a_year("2023"), in_a_year("2023-Q4"), in_a_year("2023-11")
    (1, 4, 12)
    """
    return 1 if "-" not in time else 4 if "Q" in time else 12


def number_in_year(time: str) -> int:
    """The number of a period in its year, from 1 on.

    >>> number_in_year("2023"), number_in_year("2023-Q4"), number_in_year("2023-11")
    (1, 4, 11)
    """
    return int(time.partition("-")[2].removeprefix("Q") or 1)


def quarters_of(year: str | int) -> list[str]:
    """The quarters of a year."""
    return [f"{year}-Q{number}" for number in range(1, 5)]


def months_of(year: str | int) -> list[str]:
    """The months of a year."""
    return [f"{year}-{number:02d}" for number in range(1, 13)]


def months_to(year: str | int, years: int) -> list[str]:
    """The months of a number of years, of which ``year`` is the last.

    >>> months_to("2022", 2)[0], months_to("2022", 2)[-1], len(months_to("2022", 2))
    ('2021-01', '2022-12', 24)
    """
    return [month for each in range(int(year) - years + 1, int(year) + 1) for month in months_of(each)]


def periods_of(time: str, year_is: str | None) -> list[str]:
    """The periods that a year is made of, as `workbench.declarations.indicators.CountSource` says; a shorter one is itself.

    >>> periods_of("2022", "sum of quarters"), periods_of("2022", "last month"), periods_of("2022-05", "sum of months")
    (['2022-Q1', '2022-Q2', '2022-Q3', '2022-Q4'], ['2022-12'], ['2022-05'])
    """
    if year_is is None or "-" in time:
        return [time]
    months = months_of(time)
    return {"sum of quarters": quarters_of(time), "sum of months": months, "last month": months[-1:]}[year_is]


def shift(time: str, periods: int) -> str:
    """The period that is a number of periods of its length later, or earlier if negative.

    >>> shift("2022", 1), shift("2022-Q4", 1), shift("2023-01", -1)
    ('2023', '2023-Q1', '2022-12')
    """
    number = in_a_year(time)
    year, within = divmod(year_of(time) * number + number_in_year(time) - 1 + periods, number)
    return {1: f"{year}", 4: f"{year}-Q{within + 1}", 12: f"{year}-{within + 1:02d}"}[number]


def spans(times: Iterable[str]) -> list[str]:
    """Periods, those that follow each other as one span; years, quarters and months each by themselves.

    >>> spans(["2021", "2017", "2016", "2015"])
    ['2015–2017', '2021']
    """
    found: list[list[str]] = []
    for time in sorted(times, key=lambda time: (len(time), "Q" in time, time)):
        if found and shift(found[-1][-1], 1) == time:
            found[-1].append(time)
        else:
            found.append([time])
    return [span[0] if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in found]


def year_to(time: str) -> list[str]:
    """The same period of the year before, and all periods from there to this one.

    >>> year_to("2022"), year_to("2022-Q2")
    (['2021', '2022'], ['2021-Q2', '2021-Q3', '2021-Q4', '2022-Q1', '2022-Q2'])
    """
    return [shift(time, -back) for back in range(in_a_year(time), -1, -1)]


def days_of(time: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a period.

    >>> [str(day) for day in days_of("2023-Q4")]
    ['2023-10-01', '2023-12-31']
    """
    year, months = year_of(time), 12 // in_a_year(time)
    last = months * number_in_year(time)
    return datetime.date(year, last - months + 1, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])
