"""What is due, and when: what institutions were asked for, what States must send to the providers, what is to be answered and published."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.deadlines.standings import State, standings
from workbench.declarations.datasets import declared_datasets, read_dataset
from workbench.declarations.editions import declared_editions, read_edition
from workbench.declarations.queries import declared_queries, read_query
from workbench.model.paths import Project
from workbench.model.periods import days_of

AHEAD = datetime.timedelta(days=366)
"""So far a calendar looks ahead."""


class Kind(StrEnum):
    """What is due."""

    COLLECTION = "collection"
    PROVIDER = "provider"
    QUERY = "query"
    EDITION = "edition"


@dataclass(frozen=True)
class Due:
    """Something that is due on a day; `workbench.deadlines.wording` words it.

    Attributes
    ----------
    name : str
        A collection with its period, a year with its law, a query, an edition: unique among its kind.
    body : str
        The institution that was asked, or the provider that figures are sent to.
    period : str
        The year of the figures.
    datasets : tuple of str
        The datasets that the figures are for.
    law : str
        What says that they are due.
    title : mapping
        What a query is called, by language.
    is_overdue : bool
        Whether the day has passed, and somebody still waits.
    is_restricted : bool
        Whether it is for the network alone: a query of which nothing is published.
    """

    day: datetime.date
    kind: Kind
    name: str
    body: str = ""
    period: str = ""
    datasets: tuple[str, ...] = ()
    law: str = ""
    title: Mapping[str, str] = field(default_factory=dict, hash=False)
    is_overdue: bool = False
    is_restricted: bool = False


def calendar(project: Project, today: datetime.date) -> list[Due]:
    """What is due from a day on for a year, and what is overdue, by day."""
    of_all = (
        *_of_collections(project, today),
        *_of_providers(project, today),
        *_of_queries(project, today),
        *_of_editions(project),
    )
    return sorted(
        (due for due in of_all if due.is_overdue or today <= due.day <= today + AHEAD),
        key=lambda due: (due.day, due.kind, due.name),
    )


def published_calendar(project: Project, day: datetime.date) -> list[Due]:
    """The calendar of a day as everybody may read it: a query for the network alone is not in it, not even by its name."""
    return [due for due in calendar(project, day) if not due.is_restricted]


def _of_collections(project: Project, today: datetime.date) -> Iterator[Due]:
    for one in standings(project, today):
        if one.state != State.RECEIVED:
            yield Due(
                one.deadline,
                Kind.COLLECTION,
                f"{one.collection} {one.period}",
                body=one.institution,
                period=one.period,
                datasets=one.missing,
                is_overdue=one.state == State.OVERDUE,
            )


def _of_providers(project: Project, today: datetime.date) -> Iterator[Due]:
    """The figures that the law has States send by a day: providers publish them some weeks later."""
    together: dict[tuple[datetime.date, int, str, str], list[str]] = defaultdict(list)
    for dataset in declared_datasets(project):
        declared = read_dataset(project, dataset)
        for year in range(today.year - 2, today.year + 2) if declared.due else ():
            assert declared.due
            _, day = days_of(declared.due.of(year))
            together[day, year, declared.due.law, declared.provider].append(dataset)
    for (day, year, law, provider), datasets in together.items():
        yield Due(
            day,
            Kind.PROVIDER,
            f"{year} {law}",
            body=provider,
            period=str(year),
            datasets=tuple(datasets),
            law=law,
        )


def _of_queries(project: Project, today: datetime.date) -> Iterator[Due]:
    """The queries that wait for an answer."""
    for query in (read_query(project, name) for name in declared_queries(project)):
        if query.state == "open":
            yield Due(
                query.deadline,
                Kind.QUERY,
                query.query,
                title=query.title,
                is_overdue=query.deadline < today,
                is_restricted=query.is_restricted,
            )


def _of_editions(project: Project) -> Iterator[Due]:
    for name in declared_editions(project):
        yield Due(read_edition(project, name).released, Kind.EDITION, name)
