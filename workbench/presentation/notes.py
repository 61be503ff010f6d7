"""The parts of a page that speak about the data: comparability, definitions, sources, provenance."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from workbench import __version__
from workbench.data.cards import Card
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import ComparabilityNote, DatasetDeclaration
from workbench.model.periods import shift
from workbench.model.record import Record
from workbench.model.types import Result
from workbench.presentation.sentences import definition_id, flag_label
from workbench.presentation.wording import Wording, one_full_stop, shown_flags

Sources = Sequence[tuple[DatasetDeclaration, Snapshot]]


_NOT_ROUNDED = "Not rounded."
"""What cards say of data whose dataset is declared to be exact, which the first of its notes says."""

Note = tuple[str, list[str]]
"""A heading and what stands below it, a paragraph each."""


def comparability(
    wording: Wording, sources: Sources, published: Iterable[Result], country: str, year: int
) -> list[Note]:
    """Definitions, vintages, notes and caveats of each dataset; then the flags and breaks that occur."""
    of_datasets = [
        _of_dataset(wording, vintages[0][0], [snapshot for _, snapshot in vintages], country, year)
        for vintages in (list(group) for _, group in groupby(sources, key=lambda source: source[0].dataset))
    ]
    return [*of_datasets, _flags(wording, list(published))]


def notes_html(notes: Iterable[Note]) -> str:
    """Notes as headings and lists."""
    return "\n".join(
        f"<h3>{escape(heading)}</h3>\n<ul>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in items) + "\n</ul>"
        for heading, items in notes
    )


def definitions_html(wording: Wording, published: Iterable[Result]) -> str:
    """What each indicator of the study measures: every number links to it."""
    published_ids = {result.indicator for result in published}
    indicators = sorted(
        published_ids, key=lambda indicator: (wording.sort_key(wording.indicator(indicator)), indicator)
    )
    items = "\n".join(_definition_html(wording, indicator) for indicator in indicators)
    return f'<dl class="definitions">\n{items}\n</dl>'


def _definition_html(wording: Wording, indicator: str) -> str:
    more = [
        wording.text("Unit") + f": {wording.unit(wording.indicators.unit(indicator))}",
        wording.text("Reference") + f": {wording.reference(indicator)}",
    ]
    if datasets := wording.indicators.datasets(indicator):
        more.append(wording.text("Data") + f": {', '.join(datasets)}")
    return (
        f'<dt id="{definition_id(indicator)}">{escape(wording.indicator(indicator))} <code>{escape(indicator)}</code></dt>'
        f'<dd>{escape(wording.definition(indicator))}</dd><dd class="more">{escape(". ".join(more))}.</dd>'
    )


def sources_html(wording: Wording, sources: Sources) -> str:
    """A line for each dataset: provider, title, code, vintage, licence, where it is published and described."""
    items = "\n".join(f"<li>{_source_html(wording, *source)}</li>" for source in sources)
    return f'<ul class="sources">\n{items}\n</ul>'


def _source_html(wording: Wording, declaration: DatasetDeclaration, snapshot: Snapshot) -> str:
    url = snapshot.card.source_url
    links = [_link_html(url, url)] if url else []
    links.append(_link_html(declaration.metadata_url, wording.text("metadata")))
    vintage = escape(wording.text("vintage"))
    return (
        f"{escape(declaration.provider)}: {escape(wording.text(declaration.title))} "
        f"(<code>{escape(declaration.dataset)}</code>), {vintage} {snapshot.id.vintage}. "
        f"{escape(wording.text(snapshot.card.licence))}. " + "; ".join(links)
    )


def _link_html(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def provenance_html(wording: Wording, record: Record) -> str:
    """The run's parameters, the snapshots with their digests, and the version that made it."""
    rows = [
        (wording.text("Study"), record.study),
        (wording.text("Country"), record.country),
        (wording.text("Reference year"), str(record.year)),
        (wording.text("Language"), record.language),
        *(
            (name, ", ".join(value) if isinstance(value, list) else str(value))
            for name, value in record.parameters.items()
        ),
        *(
            (wording.text("Snapshot"), f"{source.agency}/{source.dataset}/{source.vintage} sha256 {source.sha256}")
            for source in record.sources
        ),
        (wording.text("Published numbers"), wording.number(len(record.results))),
        (wording.text("Made with"), f"migration-workbench {__version__}"),
    ]
    body = "\n".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    caption = escape(wording.text("What this study was made from"))
    return f'<div class="scroll" tabindex="0"><table class="provenance"><caption>{caption}</caption>\n<tbody>\n{body}\n</tbody></table></div>'


def _of_dataset(
    wording: Wording, declaration: DatasetDeclaration, snapshots: Sequence[Snapshot], country: str, year: int
) -> Note:
    """What holds of the dataset, then what holds of each of its vintages."""
    rounding = (
        wording.text(
            "Published values are rounded to the nearest {base}, each separately, so parts need not add up to their total. "
            "Numbers computed from them have the interval that this allows."
        ).format(base=declaration.rounding_base)
        if declaration.rounding_base > 1
        else wording.text("Published values are not rounded.")
    )
    notes = [note.text for note in declaration.notes if note.concerns(country, year)]
    of_each = {snapshot.id.vintage: _of_vintage(wording, snapshot.card, notes, country, year) for snapshot in snapshots}
    of_all = [item for item in next(iter(of_each.values())) if all(item in items for items in of_each.values())]
    items = [wording.text(declaration.definition), rounding, *map(wording.text, notes), *of_all]
    items += [f"{vintage}: {item}" for vintage, said in of_each.items() for item in said if item not in of_all]
    word = wording.text("vintage") if len(of_each) == 1 else wording.text("vintages")
    return f"{declaration.dataset}, {word} {', '.join(of_each)}", list(dict.fromkeys(items))


def _of_vintage(wording: Wording, card: Card, notes: Sequence[str], country: str, year: int) -> list[str]:
    """What the card of a vintage says beyond the notes on its dataset."""
    of_card = [ComparabilityNote(text=note) if isinstance(note, str) else note for note in card.caveats]
    caveats = [
        caveat
        for caveat in (note.text for note in of_card if note.concerns(country, year))
        if caveat != _NOT_ROUNDED and not any(note.startswith(caveat.rstrip(".")) for note in notes)
    ]
    items = [
        wording.text("Retrieved: {when}.").format(when=wording.text(card.retrieved)),
        *map(wording.text, caveats),
    ]
    if card.omitted:
        items.append(wording.text("Left out of the snapshot: {what}.").format(what=wording.text(card.omitted)))
    return list(map(one_full_stop, items))


def _spans(times: Iterable[str]) -> list[str]:
    """Periods, those that follow each other as one span: ``2008–2011``; years, quarters and months each by themselves."""
    spans: list[list[str]] = []
    for time in sorted(times, key=lambda time: (len(time), "Q" in time, time)):
        if spans and shift(spans[-1][-1], 1) == time:
            spans[-1].append(time)
        else:
            spans.append([time])
    return [span[0] if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans]


def _flags(wording: Wording, published: list[Result]) -> Note:
    heading = wording.text("Flags and breaks")
    flags = sorted({flag for result in published for flag in shown_flags(result)})
    if not flags:
        return heading, [wording.text("No number in this study has a flag.")]
    lines = []
    for flag in flags:
        flagged = [result for result in published if flag in shown_flags(result)]
        times = ", ".join(_spans({result.time for result in flagged}))
        count = wording.text("{count} of {all} published numbers ({times})").format(
            count=wording.number(len(flagged)), all=wording.number(len(published)), times=times
        )
        lines.append(f"[{flag}] {flag_label(wording, flag)}: {count}")
    return heading, lines
