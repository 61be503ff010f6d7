"""The queries by their deadlines: what is overdue first."""

import datetime
from dataclasses import dataclass

from workbench.declarations.queries import Query, answer_files, declared_queries, read_query
from workbench.model.counted import counted
from workbench.model.paths import Project

_ORDER = ("open", "answered", "closed")


@dataclass(frozen=True)
class Listed:
    """A query, how many Member States have answered it, and the days until its deadline, negative once it has passed."""

    query: Query
    answers: int
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Whether the national answer is due since the deadline."""
        return self.query.state == "open" and self.days_left < 0

    def as_json(self) -> dict[str, object]:
        """What programs want to know of it."""
        query = self.query
        return {
            "query": query.query,
            "title": query.title["en"],
            "state": query.state,
            "deadline": str(query.deadline),
            "days_left": self.days_left,
            "overdue": self.is_overdue,
            "dissemination": query.dissemination,
            "requested_by": query.requested_by,
            "answers": self.answers,
        }

    def __str__(self) -> str:
        query = self.query
        when = f"{counted(abs(self.days_left), 'day')} {'overdue' if self.is_overdue else 'left'}"
        state = f"{query.state}, {when}" if query.state == "open" else query.state
        return (
            f"{query.query:28} {query.deadline}  {state}; {query.dissemination}; "
            f"answers: {self.answers}; {query.title['en']}"
        )


def listed_queries(project: Project, today: datetime.date) -> list[Listed]:
    """All queries: open ones by their deadlines, which puts what is overdue first, then answered and closed ones.

    Parameters
    ----------
    today : date
        From which days are counted.
    """
    queries = [read_query(project, name) for name in declared_queries(project)]
    listed = [
        Listed(query, len(answer_files(project, query.query)), (query.deadline - today).days) for query in queries
    ]
    return sorted(listed, key=lambda one: (_ORDER.index(one.query.state), one.query.deadline, one.query.query))
