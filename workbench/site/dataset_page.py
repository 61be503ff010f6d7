"""The page of a dataset: what it counts, how it compares, its vintages, its flags, its revisions, how to get it, who uses it."""

from html import escape

from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import ComparabilityNote
from workbench.model.types import Result
from workbench.page.schema_org import web_address
from workbench.presentation.notes import definitions_html
from workbench.presentation.sentences import flag_label
from workbench.presentation.tables import table_html
from workbench.presentation.wording import Wording, capitalised, one_full_stop, shown_flags
from workbench.site.addresses import address
from workbench.site.entries import entries_of
from workbench.site.headline_results import HeadlineResults
from workbench.site.inventory import grouped
from workbench.site.page_layout import PageLayout
from workbench.site.topics import in_label_order
from workbench.site.used_datasets import UsedDataset, dataset_title

_REVISED = "revision_pct"


def dataset_page(headline_results: HeadlineResults, dataset: UsedDataset, layout: PageLayout) -> str:
    """The page of a dataset in a language."""
    wording, source = layout.wording, dataset.source(layout.wording.language)
    results = headline_results.of_dataset(dataset.code)
    indicators = {result.indicator for result in results} & set(headline_results.by_indicator)
    revisions = [result for result in results if result.indicator == _REVISED and result.is_available]
    declared = dataset.declared
    return layout.page(
        "dataset.html.j2",
        f"datasets/{dataset.code}",
        dataset=dataset.code,
        name=dataset_title(dataset, wording),
        provider=wording.text(source.provider),
        definition=wording.text(declared.definition) if declared else "",
        unit=wording.unit(declared.unit) if declared else "",
        rounding=_rounding(wording, declared.rounding_base) if declared else "",
        formerly=declared.formerly if declared else (),
        licence=source.licence,
        shown_at=web_address(source.url),
        described_at=web_address(source.metadata_url),
        notes=[_note(wording, note) for note in declared.notes] if declared else [],
        vintages=_vintages(wording, dataset),
        flags=[(flag, flag_label(wording, flag)) for flag in sorted({f for one in results for f in shown_flags(one)})],
        revisions=_tables(wording, revisions),
        definitions=definitions_html(wording, [_REVISED]) if revisions else "",
        command=dataset.command,
        can_be_fetched=dataset.can_be_fetched,
        comes_by=declared.comes_by if declared else None,
        indicators=[
            (wording.indicator(indicator), address(f"indicators/{indicator}", wording.language))
            for indicator in in_label_order(wording, indicators)
        ],
        entries=entries_of(headline_results, list(dataset.pages), wording),
    )


def _rounding(wording: Wording, base: float) -> str:
    if base == 1:
        return wording.text("not rounded")
    return wording.text("to the nearest {base}").format(base=wording.number(base, decimals=0 if base >= 1 else 1))


def _note(wording: Wording, note: str | ComparabilityNote) -> str:
    """A note on comparability, with the year and the country that it is about."""
    if isinstance(note, str):
        return one_full_stop(wording.text(note))
    said, place = one_full_stop(wording.text(note.text)), wording.label("geo", note.geo) if note.geo else ""
    about = [place] if place not in said else []
    if note.since:
        about.append(wording.text("from {year} on").format(year=note.since))
    return f"{capitalised(', '.join(about))}: {said}" if about else said


def _vintages(wording: Wording, dataset: UsedDataset) -> list[dict]:
    held = {snapshot.id.vintage: snapshot for snapshot in dataset.snapshots}
    return [
        {
            "vintage": vintage,
            "used": wording.number(len(studies)) if studies else "",
            **_card(wording, held.get(vintage)),
        }
        for vintage, studies in dataset.vintages.items()
    ]


def _card(wording: Wording, snapshot: Snapshot | None) -> dict:
    """What the card of a snapshot says; nothing where the snapshot is no longer here."""
    if snapshot is None:
        return {"retrieved": "", "covers": "", "caveats": []}
    card = snapshot.card
    caveats = [_note(wording, caveat) for caveat in card.caveats]
    if card.omitted:
        caveats.append(
            one_full_stop(wording.text("Left out of the snapshot: {what}.").format(what=wording.text(card.omitted)))
        )
    return {"retrieved": wording.text(card.retrieved), "covers": "–".join(dict.fromkeys(card.ends)), "caveats": caveats}


def _tables(wording: Wording, revisions: list[Result]) -> list[tuple[str, str]]:
    """What the studies say of revisions, a table for each country: a release compared with the one before it."""
    return [
        (
            wording.label("geo", place),
            table_html(wording, of_place, "time", "series", escape(wording.indicator(_REVISED))),
        )
        for place, of_place in grouped(revisions, lambda result: result.geo).items()
    ]
