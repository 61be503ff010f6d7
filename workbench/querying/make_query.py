"""A query is rendered in its languages; once it is answered, it is sealed with all that made it."""

import datetime
from pathlib import Path

from workbench.declarations.queries import Query, edition_of, read_answers, read_query, refuse_future
from workbench.editions.make import EditionOutcome, RunOptions, make_edition
from workbench.model.errors import WorkbenchError
from workbench.model.names import edition_of_query
from workbench.model.paths import Project

_ALL = (1, 1)
"""The one part that is all: a part is rendered, and not sealed."""


def render_query(project: Project, name: str, latest: datetime.date) -> tuple[Query, list[EditionOutcome]]:
    """Render a query, and seal it unless it is open. Of a wider one to which an answer is restricted, there is another
    edition, with all answers, for the network; it is renewed too once none is restricted any more, or it would go on to tell
    what was withdrawn.

    Parameters
    ----------
    latest : date
        Today, where it is latest in the world: nothing was answered later.

    Raises
    ------
    InvalidDeclaration, RefusedRun
        If there is no such query, it was answered on a day to come, or it cannot be made.
    WorkbenchError
        If it is restricted, and was published before.
    """
    query = read_query(project, name)
    refuse_future(project, query, latest)
    if query.is_restricted:
        _refuse_published(project, query)
    options = RunOptions(shard=_ALL if query.state == "open" else None)
    disseminated = [query, *([query.for_the_network] if _is_compiled_for_the_network(project, query) else [])]
    return query, [make_edition(project, edition_of(project, one), options) for one in disseminated]


def _is_compiled_for_the_network(project: Project, query: Query) -> bool:
    """Whether an answer is left out where a query is published, or was when it was rendered before."""
    if query.is_restricted:
        return False
    holds_back = any(answer.dissemination == "restricted" for answer in read_answers(project, query))
    return holds_back or bool(_made_before(project, query.for_the_network.edition))


def _made_before(project: Project, edition: str) -> list[Path]:
    """The pages and archives of an edition that are there."""
    archives = project.archives_of(edition).glob(f"{edition}-r[0-9]*")
    return [path for path in (project.made_of(edition) / edition, *archives) if path.exists()]


def _refuse_published(project: Project, query: Query) -> None:
    """What is restricted now must not stay where it was published."""
    there = _made_before(project, edition_of_query(query.query, is_restricted=False))
    if there:
        raise WorkbenchError(
            f"{query.query} is restricted, and was made for wider dissemination before",
            found=", ".join(sorted(path.relative_to(project.root).as_posix() for path in there)),
            unchanged="nothing was made, and nothing was removed",
            hint="remove these, also where they were published",
        )
