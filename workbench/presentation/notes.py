"""The parts of a page that speak about the data: comparability, definitions, sources, provenance."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from workbench import __version__
from workbench.model.periods import spans
from workbench.model.record import DatasetNotes, Record, Source, VintageNotes
from workbench.model.types import BREAK, PROVISIONAL, Result
from workbench.presentation.sentences import definition_id, flag_label
from workbench.presentation.wording import Wording, one_full_stop, shown_flags

Note = tuple[str, list[str]]
"""A heading and what stands below it, a paragraph each."""


def comparability(
    wording: Wording, notes: Iterable[DatasetNotes], flagged: Iterable[Result], published: int
) -> list[Note]:
    """Definitions, vintages, notes and caveats of each dataset; then the flags and breaks among so many published numbers,
    of which those that have a flag must be ``flagged``."""
    return [*(_of_dataset(wording, of_dataset) for of_dataset in notes), _flags(wording, flagged, published)]


def notes_html(notes: Iterable[Note]) -> str:
    """Notes as headings and lists."""
    return "\n".join(
        f"<h3>{escape(heading)}</h3>\n<ul>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in items) + "\n</ul>"
        for heading, items in notes
    )


_MATTERING = (BREAK, "d", "e", PROVISIONAL)
"""The flags of numbers that are there and yet not like the others: after a break, of another definition, estimated,
provisional."""

_NAMED_OF_A_FLAG = 4


def notes_that_matter(wording: Wording, record: Record) -> list[str]:
    """A line for each flag that keeps numbers of the country from being compared: of which indicators, and when; those with
    most such numbers first. Then how counts are rounded; where not all are, of how many datasets, and whose."""
    of_country = [result for result in record.results if result.geo == record.country and result.is_available]
    flagged = [line for flag in _MATTERING if (line := _where_flagged(wording, flag, of_country))]
    rounded: dict[float, list[str]] = defaultdict(list)
    for notes in record.notes:
        rounded[notes.rounding_base].append(notes.dataset)
    of_some = [
        (_whose(wording, record, datasets), _rounded(wording, base))
        for base, datasets in sorted(rounded.items())
        if base > 1
    ]
    return [*flagged, *(note if len(rounded) == 1 else f"{whose}: {note}" for whose, note in of_some)]


def _whose(wording: Wording, record: Record, datasets: Sequence[str]) -> str:
    """Some of the datasets of a record: who provides them, and how many of all they are."""
    providers = {wording.text(source.provider): None for source in record.sources if source.dataset in datasets}
    return wording.text("{providers} ({count} of {all} datasets)").format(
        providers=", ".join(providers), count=len(datasets), all=len(record.notes)
    )


def _where_flagged(wording: Wording, flag: str, results: Iterable[Result]) -> str:
    times: dict[str, set[str]] = defaultdict(set)
    for result in results:
        if flag in result.flags:
            times[wording.indicator(result.indicator)].add(result.time)
    named = sorted(times, key=lambda name: (-len(times[name]), wording.sort_key(name)))
    where = [f"{name} ({', '.join(spans(times[name]))})" for name in named[:_NAMED_OF_A_FLAG]]
    more = ["…"] if len(named) > _NAMED_OF_A_FLAG else []
    return f"[{flag}] {flag_label(wording, flag)}: {'; '.join([*where, *more])}" if named else ""


def source_line(wording: Wording, sources: Iterable[Source]) -> str:
    """The providers of all that a study shows; their datasets are listed beside it."""
    providers = dict.fromkeys(wording.text(source.provider) for source in sources if source.is_shown)
    return wording.text("Source") + f": {', '.join(providers)}"


def definitions_html(wording: Wording, indicators: Iterable[str]) -> str:
    """What each indicator of the study measures: every number links to it."""
    in_order = sorted(set(indicators), key=lambda one: (wording.sort_key(wording.indicator(one)), one))
    items = "\n".join(_definition_html(wording, indicator) for indicator in in_order)
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


def sources_html(wording: Wording, sources: Iterable[Source]) -> str:
    """A line for each dataset: provider, title, code, vintage, licence, where it is published and described."""
    items = "\n".join(f"<li>{_source_html(wording, source)}</li>" for source in sources)
    return f'<ul class="sources">\n{items}\n</ul>'


def _source_html(wording: Wording, source: Source) -> str:
    links = [_link_html(source.url, source.url)] if source.url else []
    links.append(_link_html(source.metadata_url, wording.text("metadata")))
    vintage = escape(wording.text("vintage"))
    return (
        f"{escape(wording.text(source.provider))}: {escape(wording.text(source.title))} "
        f"(<code>{escape(source.dataset)}</code>), {vintage} {source.vintage}. "
        f"{escape(wording.text(source.licence))}. " + "; ".join(links)
    )


def _link_html(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def provenance_html(wording: Wording, record: Record, published: int) -> str:
    """The run's parameters, the snapshots with their digests, and the version that made it."""
    rows = [
        (wording.text("Study"), record.study),
        (wording.text("Country"), record.country),
        (wording.text("Reference year"), str(record.year)),
        (wording.text("Language"), wording.language),
        *(
            (name, ", ".join(value) if isinstance(value, tuple) else str(value))
            for name, value in record.parameters.items()
        ),
        *(
            (wording.text("Snapshot"), f"{source.agency}/{source.dataset}/{source.vintage} sha256 {source.sha256}")
            for source in record.sources
        ),
        (wording.text("Published numbers"), wording.number(published)),
        (wording.text("Made with"), f"migration-workbench {__version__}"),
    ]
    body = "\n".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    caption = escape(wording.text("What this study was made from"))
    return f'<div class="scroll"><table class="provenance"><caption>{caption}</caption>\n<tbody>\n{body}\n</tbody></table></div>'


def _of_dataset(wording: Wording, notes: DatasetNotes) -> Note:
    """What holds of the dataset, then what holds of each of its vintages."""
    base = notes.rounding_base
    rounding = _rounded(wording, base) if base != 1 else wording.text("Published values are not rounded.")
    of_each = {of_vintage.vintage: _of_vintage(wording, of_vintage) for of_vintage in notes.vintages}
    of_all = [item for item in next(iter(of_each.values())) if all(item in items for items in of_each.values())]
    items = [wording.text(notes.definition), rounding, *map(wording.text, notes.notes), *of_all]
    items += [f"{vintage}: {item}" for vintage, said in of_each.items() for item in said if item not in of_all]
    word = wording.text("vintage") if len(of_each) == 1 else wording.text("vintages")
    return f"{notes.dataset}, {word} {', '.join(of_each)}", list(dict.fromkeys(items))


def _rounded(wording: Wording, base: float) -> str:
    said = wording.text(
        "Published values are rounded to the nearest {base}, each separately, so parts need not add up to their total. "
        "Numbers computed from them have the interval that this allows."
    )
    return said.format(base=wording.number(base, decimals=0 if base >= 1 else 1))


def _of_vintage(wording: Wording, notes: VintageNotes) -> list[str]:
    items = [
        wording.text("Retrieved: {when}.").format(when=wording.text(notes.retrieved)),
        *map(wording.text, notes.caveats),
    ]
    if notes.omitted:
        items.append(wording.text("Left out of the snapshot: {what}.").format(what=wording.text(notes.omitted)))
    return list(map(one_full_stop, items))


def _flags(wording: Wording, flagged: Iterable[Result], published: int) -> Note:
    times: dict[str, list[str]] = defaultdict(list)
    for result in flagged:
        for flag in set(shown_flags(result)):
            times[flag].append(result.time)
    lines = []
    for flag, of_flag in sorted(times.items()):
        count = wording.text("{count} of {all} published numbers ({times})").format(
            count=wording.number(len(of_flag)), all=wording.number(published), times=", ".join(spans(set(of_flag)))
        )
        lines.append(f"[{flag}] {flag_label(wording, flag)}: {count}")
    return wording.text("Flags and breaks"), lines or [wording.text("No number in this study has a flag.")]
