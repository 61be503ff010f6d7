"""What a study says of itself, in the reader's language."""

from dataclasses import replace

from workbench.model.record import About, EditionNote, Record, Source
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording


def about(record: Record, edition: EditionNote | None, wording: Wording) -> About:
    """Word what a record says of its study.

    Parameters
    ----------
    record : Record
        Its results are not needed.
    edition : EditionNote or None
        Its edition, without a language: a message may have ``{year}``.
    wording : Wording
        The language.
    """
    return About(
        study=record.study,
        title=titled(wording, wording.text(record.title), record.is_made_up),
        summary=wording.text(record.summary),
        topic=record.topic,
        country=record.country,
        place=wording.label("geo", record.country),
        year=record.year,
        language=wording.language,
        edition=_edition(edition, record.year, wording),
        parameters=record.parameters,
        sources=tuple(_source(source, wording) for source in record.sources),
        findings=tuple(dict.fromkeys(worded(wording, finding).text for finding in record.findings)),
    )


def titled(wording: Wording, title: str, is_made_up: bool) -> str:
    """A title, which says whether what it stands above is made up."""
    return wording.text("{title} (made up)").format(title=title) if is_made_up else title


def _edition(edition: EditionNote | None, year: int, wording: Wording) -> EditionNote | None:
    if edition is None:
        return None
    title, publisher = wording.text(edition.title).format(year=year), wording.text(edition.publisher)
    return replace(
        edition, title=title, publisher=publisher, remark=wording.text(edition.remark) if edition.remark else ""
    )


def _source(source: Source, wording: Wording) -> Source:
    return replace(
        source,
        provider=wording.text(source.provider),
        title=wording.text(source.title),
        licence=wording.text(source.licence),
    )
