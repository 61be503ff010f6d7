"""The parts of a page that speak about the data: title block, comparability, sources, provenance."""

from collections.abc import Iterable, Sequence
from html import escape

from babel import Locale

from workbench import __version__
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.editions import Edition
from workbench.declarations.studies import Sidecar
from workbench.model.words import Result, Run
from workbench.presentation.sentences import flag_label
from workbench.presentation.wording import Wording

Sources = Sequence[tuple[DatasetDeclaration, Snapshot]]


def header_html(wording: Wording, run: Run, sidecar: Sidecar, edition: Edition | None) -> str:
    """The title block: edition, study, country and year, what it answers."""
    kicker = wording.text(edition.title).format(year=edition.year) if edition else ""
    released = (
        f' · <time datetime="{edition.released}">{escape(wording.date(edition.released))}</time>' if edition else ""
    )
    return (
        '<header class="title">\n'
        f'<p class="kicker">{escape(kicker)}{released}</p>\n'
        f"<h1>{escape(wording.text(sidecar.title))} "
        f'<span class="place">{escape(wording.label("geo", run.country))}, {run.year}</span></h1>\n'
        f'<p class="summary">{escape(wording.text(sidecar.summary))}</p>\n'
        f'<p class="vintages">{escape(_vintages(wording, run))}</p>\n'
        f"{_languages_html(run, edition)}</header>"
    )


def _vintages(wording: Wording, run: Run) -> str:
    vintages = "; ".join(f"{dataset} {vintage}" for dataset, vintage in sorted(run.vintages.items()))
    return f"{wording.text('Data vintages')}: {vintages}"


def _languages_html(run: Run, edition: Edition | None) -> str:
    """Links to the same study in the edition's other languages, each named in itself."""
    others = [language for language in (edition.languages if edition else ()) if language != run.language]
    links = ", ".join(
        f'<a href="{run.study}.{language}.html" lang="{language}" hreflang="{language}">'
        f"{escape(Locale.parse(language).get_display_name(language).capitalize())}</a>"
        for language in others
    )
    return f'<p class="languages-of-study">{links}</p>\n' if links else ""


def comparability_html(wording: Wording, sources: Sources, published: Iterable[Result], year: int) -> str:
    """Definitions, vintages, notes and caveats of each dataset; then the flags and breaks that occur."""
    parts = [_of_dataset(wording, declaration, snapshot, year) for declaration, snapshot in sources]
    return "\n".join([*parts, _flags_html(wording, list(published))])


def sources_html(wording: Wording, sources: Sources) -> str:
    """A line for each dataset: provider, title, code, vintage, licence, where it is published."""
    return "<ul class=\"sources\">\n" + "\n".join(
        f"<li>{escape(declaration.provider)}: {escape(wording.text(declaration.title))} "
        f"(<code>{escape(declaration.dataset)}</code>), {escape(wording.text('vintage'))} {snapshot.id.vintage}. "
        f"{escape(wording.text(snapshot.card.licence))}. "
        + (f'<a href="{escape(snapshot.card.source_url)}">{escape(snapshot.card.source_url)}</a>'
           if snapshot.card.source_url else "")
        + "</li>"
        for declaration, snapshot in sources
    ) + "\n</ul>"  # fmt: skip


def provenance_html(wording: Wording, record) -> str:
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
            (wording.text("Snapshot"), f"{s['agency']}/{s['dataset']}/{s['vintage']} sha256 {s['sha256']}")
            for s in record.snapshots
        ),
        (wording.text("Published numbers"), wording.number(len(record.results))),
        (wording.text("Made with"), f"migration-workbench {__version__}"),
    ]
    body = "\n".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    caption = escape(wording.text("What this study was made from"))
    return f'<div class="scroll" tabindex="0"><table class="provenance"><caption>{caption}</caption>\n<tbody>\n{body}\n</tbody></table></div>'


def _of_dataset(wording: Wording, declaration: DatasetDeclaration, snapshot: Snapshot, year: int) -> str:
    card = snapshot.card
    rounding = (
        wording.text(
            "Published values are rounded to the nearest {base}, each by itself: parts need not add up to their total. Numbers "
            "that are computed from them carry the interval that this allows."
        ).format(base=declaration.rounding_base)
        if declaration.rounding_base > 1
        else wording.text("Published values are not rounded.")
    )
    left_out = (
        [wording.text("Left out of the snapshot: {what}.").format(what=wording.text(card.omitted))]
        if card.omitted
        else []
    )
    notes = [note.text for note in declaration.notes if note.since is None or note.since <= year]
    items = [
        wording.text(declaration.definition),
        wording.text("Retrieved: {when}.").format(when=wording.text(card.retrieved)),
        rounding,
        *map(wording.text, notes),
        *map(wording.text, card.caveats),
        *left_out,
    ]
    heading = f"{declaration.dataset}, {wording.text('vintage')} {snapshot.id.vintage}"
    listed = "\n".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h3>{escape(heading)}</h3>\n<ul>\n{listed}\n</ul>"


def _flags_html(wording: Wording, published: list[Result]) -> str:
    flags = sorted({flag for result in published for flag in result.flags})
    if not flags:
        return f"<p>{escape(wording.text('No number of this study carries a flag.'))}</p>"
    lines = []
    for flag in flags:
        flagged = [result for result in published if flag in result.flags]
        times = ", ".join(sorted({result.time for result in flagged}))
        count = wording.text("{count} of {all} published numbers ({times})").format(
            count=wording.number(len(flagged)), all=wording.number(len(published)), times=times
        )
        lines.append(f"<li>[{flag}] {escape(flag_label(wording, flag))}: {escape(count)}</li>")
    heading = escape(wording.text("Flags and breaks"))
    return f"<h3>{heading}</h3>\n<ul>\n" + "\n".join(lines) + "\n</ul>"
