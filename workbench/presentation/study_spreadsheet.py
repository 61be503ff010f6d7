"""What the spreadsheet of a study holds."""

import datetime
from collections.abc import Iterable

from workbench.model.record import About, Record
from workbench.presentation.blocks import Exhibit
from workbench.presentation.citation import citation
from workbench.presentation.notes import comparability
from workbench.presentation.sentences import worded
from workbench.presentation.spreadsheet import Cover, SheetTable, spreadsheet
from workbench.presentation.wording import Wording


def study_spreadsheet(wording: Wording, study: About, record: Record, exhibits: Iterable[Exhibit]) -> bytes:
    """The results as a spreadsheet: a cover, the notes, and each figure and table on a sheet."""
    tables = [
        SheetTable(
            name=exhibit.label(wording).strip("."),
            title=f"{exhibit.label(wording)} {worded(wording, exhibit.title).plain_headline}",
            results=exhibit.results,
            rows=exhibit.rows,
            columns=exhibit.columns,
        )
        for exhibit in exhibits
    ]
    released = datetime.date.fromisoformat(study.edition.released) if study.edition else None
    edition = [
        (wording.text("Edition"), study.edition.title),
        (wording.text("Publisher"), study.edition.publisher),
        (wording.text("Published"), wording.date(released)),
        (wording.text("Licence"), study.edition.licence),
    ] if study.edition and released else []  # fmt: skip
    sources = [f"{source.provider}, {source.title} ({source.dataset}), {source.vintage}" for source in study.sources]
    cover = Cover(
        title=study.full_title,
        about=(
            (wording.text("Study"), study.summary),
            *edition,
            *((wording.text("Source"), source) for source in sources),
            (wording.text("How to cite"), citation(study)),
        ),
        notes=comparability(wording, record.notes, record.results, len(record.results)),
        issued=released,
    )
    return spreadsheet(wording, cover, tables, record.results)
