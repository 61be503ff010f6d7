"""The page of what is due: by month, what is overdue first; who owes it, and where it leads. Beside it the file for calendar programs."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from workbench.deadlines.calendar import Due, Kind, published_calendar
from workbench.deadlines.icalendar import icalendar
from workbench.deadlines.wording import what, who
from workbench.declarations.datasets import read_dataset
from workbench.declarations.site import SiteDeclaration
from workbench.model.paths import Project
from workbench.model.types import message
from workbench.presentation.wording import Wording, capitalised
from workbench.site.addresses import address
from workbench.site.inventory import Site, grouped
from workbench.site.page_layout import PageLayout

STEM = "calendar"

_KINDS = {
    Kind.COLLECTION: message("Collection"),
    Kind.PROVIDER: message("Figures for a provider"),
    Kind.QUERY: message("Ad-hoc query"),
    Kind.EDITION: message("Edition"),
}

Onward = Callable[[Due, Wording], list[tuple[str, str]]]
"""Where something that is due leads besides the pages of its datasets: what each link says, and its address from the page."""


@dataclass(frozen=True)
class CalendarPage:
    """What is due as of a day, which is declared or asked for: a page says the same whenever it is made.

    Attributes
    ----------
    titles : mapping
        The English titles of all datasets that are due.
    onward : callable
        See `Onward`.
    """

    day: datetime.date
    dues: tuple[Due, ...]
    titles: Mapping[str, str]
    onward: Onward

    @classmethod
    def of(cls, project: Project, day: datetime.date, dues: list[Due], onward: Onward) -> Self:
        """The page with the titles that the project declares."""
        datasets = {dataset for due in dues for dataset in due.datasets}
        titles = {dataset: read_dataset(project, dataset).title for dataset in sorted(datasets)}
        return cls(day, tuple(dues), titles, onward)

    def html(self, layout: PageLayout) -> str:
        """The page in the language of a layout, which gets the file for calendar programs."""
        wording, declared = layout.wording, layout.declared
        file = f"{STEM}.{wording.language}.ics"
        host = urlsplit(declared.address).hostname or "localhost"
        overdue = [due for due in self.dues if due.is_overdue]
        by_month = grouped([due for due in self.dues if not due.is_overdue], lambda due: f"{due.day:%Y-%m}")
        return layout.page(
            "calendar.html.j2",
            STEM,
            day=wording.date(self.day),
            overdue=[self._entry(due, layout) for due in overdue],
            months=[
                (capitalised(wording.period_alone(month)), [self._entry(due, layout) for due in dues])
                for month, dues in by_month.items()
            ],
            saved=layout.file_saved(
                file, icalendar(self.dues, self.day, host, wording), wording.text("For calendar programs")
            ),
            subscribed="" if layout.outside else declared.url(file),
        )  # fmt: skip

    def _entry(self, due: Due, layout: PageLayout) -> dict:
        wording = layout.wording
        return {
            "iso": due.day.isoformat(),
            "day": wording.date(due.day),
            "kind": wording.text(_KINDS[due.kind]),
            "who": who(due, wording),
            "what": what(due, wording),
            "law": wording.text(due.law) if due.law else "",
            "datasets": [(code, wording.text(self.titles[code])) for code in due.datasets],
            "links": self.onward(due, wording),
        }


def published(project: Project, declared: SiteDeclaration, site: Site) -> CalendarPage | None:
    """The page of the site, if it is to have one."""
    if declared.calendar is None:
        return None
    editions = {page.in_edition for page in site.pages}

    def onward(due: Due, wording: Wording) -> list[tuple[str, str]]:
        is_listed = due.kind == Kind.EDITION and due.name in editions
        return [(wording.text("Studies"), studies_of(due, wording.language))] if is_listed else []

    return CalendarPage.of(project, declared.calendar, published_calendar(project, declared.calendar), onward)


def studies_of(due: Due, language: str) -> str:
    """Where the first page of the site lists the studies of an edition."""
    return f"{address('index', language)}#year-{due.name}"
