"""What is due, and when: what institutions were asked for, what States must send to the providers, what is to be answered and published."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.declarations.datasets import declared_datasets, read_dataset
from workbench.declarations.editions import declared_editions, read_edition
from workbench.declarations.queries import ENGLISH, declared_queries, read_query
from workbench.model.paths import Project
from workbench.model.periods import days_of
from workbench.partners.status import State, standings

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
    """Something that is due on a day.

    Attributes
    ----------
    name : str
        A collection with its period, a year with its law, a query, an edition: unique among its kind.
    what : str
        What is due, in one line.
    is_overdue : bool
        Whether the day has passed.
    """

    day: datetime.date
    kind: Kind
    name: str
    what: str
    is_overdue: bool = False


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


def _of_collections(project: Project, today: datetime.date) -> Iterator[Due]:
    for one in standings(project, today):
        if one.state != State.RECEIVED:
            what = f"{one.institution}: figures of {one.period} ({', '.join(one.missing)})"
            name = f"{one.collection} {one.period}"
            yield Due(one.deadline, Kind.COLLECTION, name, what, one.state == State.OVERDUE)


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
            f"{provider}: States send figures of {year} ({', '.join(datasets)}; {law})",
        )


def _of_queries(project: Project, today: datetime.date) -> Iterator[Due]:
    """The queries that wait for an answer; what a restricted one is about is for the network alone."""
    for query in (read_query(project, name) for name in declared_queries(project)):
        if query.state == "open":
            about = "restricted" if query.is_restricted else query.title[ENGLISH]
            what = f"Ad-hoc query {query.query} is to be answered ({about})"
            yield Due(query.deadline, Kind.QUERY, query.query, what, query.deadline < today)


def _of_editions(project: Project) -> Iterator[Due]:
    for name in declared_editions(project):
        edition = read_edition(project, name)
        yield Due(edition.released, Kind.EDITION, name, f"Edition {name} is to be published")
