"""How what is due is told in a language: who owes what."""

from workbench.deadlines.calendar import Due, Kind
from workbench.declarations.queries import ENGLISH
from workbench.model.types import message
from workbench.presentation.wording import Wording

_WHO = {
    Kind.PROVIDER: message("Member States"),
    Kind.QUERY: message("The contact point"),
    Kind.EDITION: message("The contact point"),
}
_WHAT = {
    Kind.COLLECTION: message("figures of {period}"),
    Kind.PROVIDER: message("figures of {period} for {body}"),
    Kind.QUERY: message("answer to the ad-hoc query “{title}”"),
    Kind.EDITION: message("publication of the edition {name}"),
}
_RESTRICTED = message("answer to the ad-hoc query {name}, which is restricted")


def who(due: Due, wording: Wording) -> str:
    """Who owes it."""
    return wording.text(_WHO.get(due.kind, due.body))


def what(due: Due, wording: Wording) -> str:
    """What is owed, without the codes of its datasets; a query for the network alone is told by its name alone."""
    template = _RESTRICTED if due.is_restricted else _WHAT[due.kind]
    title = due.title.get(wording.language) or due.title.get(ENGLISH, "")
    return wording.text(template).format(
        period=due.period, body=wording.text(due.body) if due.body else "", name=due.name, title=title
    )


def in_a_line(due: Due, wording: Wording) -> str:
    """All of it in a line."""
    details = "; ".join(filter(None, (", ".join(due.datasets), wording.text(due.law) if due.law else "")))
    told = f"{who(due, wording)}: {what(due, wording)}"
    return f"{told} ({details})" if details else told
