"""What the spreadsheet of a study holds."""

import datetime
from collections.abc import Iterable, Sequence

from workbench.model.record import About, Record, Source
from workbench.model.types import Result
from workbench.presentation.blocks import Exhibit
from workbench.presentation.citation import citation
from workbench.presentation.notes import comparability
from workbench.presentation.sentences import worded
from workbench.presentation.sheet_columns import SheetTable
from workbench.presentation.spreadsheet import Cover, spreadsheet
from workbench.presentation.wording import Wording

# With more, the line that names them is longer than a page is wide.
_MOST_SOURCES = 4


def study_spreadsheet(wording: Wording, study: About, record: Record, exhibits: Iterable[Exhibit]) -> bytes:
    """The results as a spreadsheet: a cover, the contents, the notes, and a sheet for each figure and table with a value."""
    tables = [_table(wording, study, exhibit) for exhibit in exhibits if exhibit.number]
    return spreadsheet(wording, _cover(wording, study, record), tables, record.results)


def _cover(wording: Wording, study: About, record: Record) -> Cover:
    edition, text = study.edition, wording.text
    released = datetime.date.fromisoformat(edition.released) if edition else None
    of_edition = [
        (text("Edition"), edition.title),
        (text("Publisher"), edition.publisher),
        (text("Published"), wording.date(released)),
        (text("Licence"), edition.licence),
    ] if edition and released else []  # fmt: skip
    sources = [f"{source.provider}, {source.title} ({source.dataset}), {source.vintage}" for source in study.sources]
    how_to_read = text(
        "Each sheet has one table, which begins below its title. Letters in brackets are flags, which the notes explain; in the "
        "place of a number they say why there is none. A cell is empty where no number belongs."
    )
    return Cover(
        title=study.full_title,
        about=(
            (text("Study"), study.summary),
            *of_edition,
            (text("How to read this file"), how_to_read),
            (text("How to cite"), citation(study)),
            *((text("Source"), source) for source in sources),
        ),
        notes=comparability(wording, record.notes, record.results, len(record.results)),
        issued=released,
        publisher=edition.publisher if edition else "",
        summary=study.summary,
        mark=text("Made up: no number in this file may be used.") if study.is_made_up else "",
    )


def _table(wording: Wording, study: About, exhibit: Exhibit) -> SheetTable:
    title = worded(wording, exhibit.title).plain_headline
    measured = worded(wording, exhibit.subtitle).plain_headline if exhibit.subtitle else ""
    lines = [measured] if measured else []
    return SheetTable(
        name=_name(wording, exhibit, measured or title),
        title=f"{exhibit.label(wording)} {title}",
        lines=[*lines, _source(wording, study.sources, exhibit.results)],
        results=exhibit.results,
        rows=exhibit.rows,
        columns=exhibit.columns,
        providers=exhibit.providers,
    )


def _name(wording: Wording, exhibit: Exhibit, about: str) -> str:
    """A short label and what is shown, without its place and time: ``Fig 3 Asylum applicants per…``."""
    label = wording.text("Fig {number}") if exhibit.kind == "figure" else wording.text("Tab {number}")
    return f"{label.format(number=exhibit.number)} {about.partition(',')[0]}"


def _source(wording: Wording, sources: Iterable[Source], results: Sequence[Result]) -> str:
    """Where the numbers of a sheet come from: datasets with their vintages, by provider."""
    shown = {pair for result in results for pair in result.sources}
    used = [source for source in sources if (source.dataset, source.vintage) in shown]
    if len(used) > _MOST_SOURCES:
        return wording.text("Source: datasets of {providers}, listed on the cover").format(
            providers=", ".join(dict.fromkeys(source.provider for source in used))
        )
    by_provider: dict[str, list[str]] = {}
    for source in used:
        by_provider.setdefault(source.provider, []).append(f"{source.dataset} {source.vintage}")
    named = "; ".join(f"{provider}, {', '.join(datasets)}" for provider, datasets in by_provider.items())
    heading = wording.text("Source")
    return f"{heading}: {named}"
