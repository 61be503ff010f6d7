"""Files that a researcher has downloaded become snapshots."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.collecting.doubts import Candidate, Doubt, doubts_about, refusal
from workbench.data.cards import Origin, origin_of_import
from workbench.data.formats.cell_parsers import dataset_of
from workbench.data.formats.cells import NativeFile
from workbench.data.formats.containers import unpacked
from workbench.data.formats.layout import read_layout
from workbench.data.formats.native import open_native
from workbench.data.formats.table import CellsOfFrame
from workbench.data.formats.text import AGAIN
from workbench.data.formats.unknown import UnknownLabels
from workbench.data.normal_form import NormalForm
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.data.storing import REPEATED, Stored
from workbench.declarations.datasets import DatasetDeclaration, declared_datasets, find_dataset, read_dataset
from workbench.declarations.labels import Labels, check_dimensions, read_labels
from workbench.declarations.provider_lists import CodeLists, further_labels, kept_code_lists
from workbench.declarations.sources import EUROSTAT, declared_sources, read_source
from workbench.model.errors import MalformedFile, WorkbenchError
from workbench.model.paths import Project, write_whole
from workbench.model.types import message

DOUBTED = message("Stored although checks at its import doubted it: compare it with its source before use.")
"""What the card of a snapshot says that was stored all the same."""


@dataclass(frozen=True)
class Described:
    """A file that has been opened, and what is known of it.

    Attributes
    ----------
    given : Path
        The file itself, before it was unpacked.
    lists : mapping
        The provider's own code lists of the dataset, as far as they are kept.
    labels : mapping
        The labels that the project and the user declare.
    kin : tuple of str
        Declared datasets whose figures must agree with it.
    """

    given: Path
    native: NativeFile
    dataset: str
    declaration: DatasetDeclaration | None
    lists: CodeLists
    labels: Labels
    kin: tuple[str, ...]

    def origin(self, day: datetime.date) -> Origin:
        """Where it comes from, for the card."""
        declared = self.declaration
        agency, title = (declared.agency, declared.title) if declared else (EUROSTAT, self.dataset)
        return origin_of_import(self.given, agency, title, day, declared, self.labels)


@contextmanager
def opened_file(
    project: Project,
    path: Path,
    dataset: str | None = None,
    time: str | None = None,
    labels: Path | None = None,
    template: Path | None = None,
) -> Iterator[Described]:
    """Open a file of official statistics; what is wrong with it while it is read is told with the remedy that fits.

    Parameters
    ----------
    path : Path
        A file of any form that `workbench.data.formats.open_native` knows, or a table or workbook where the dataset's
        declaration has a layout; or a zip archive with one of them.
    dataset : str, optional
        The provider's code, where the file does not say it. A dataset that is not declared is taken for one of Eurostat.
    time : str, optional
        The period of a file that does not name it.
    labels : Path, optional
        A file of labels and their codes, beside ``params/labels/``: see `workbench.declarations.labels.read_labels`.
    template : Path, optional
        Where to write the labels that no code list has, as such a file with the codes to fill in.
    """
    _refuse_to_overwrite(template)
    with unpacked(path) as table:
        dataset = _dataset_named_in(project, table) if dataset is None else dataset
        declaration = find_dataset(project, dataset)
        _refuse_what_is_sent(declaration)
        agency = declaration.agency if declaration else EUROSTAT
        lists = kept_code_lists(project, agency, dataset)
        said = read_labels(project, labels, lists)
        with _advice(project, declaration), _unknown_labels(project, agency, dataset, template, lists):
            native = native_file(table, declaration, time, _together(said, further_labels(lists)))
            if labels:
                check_dimensions(said, labels, native.dimensions)
            yield Described(path, native, dataset, declaration, lists, said, _kin(project, dataset, declaration))


def import_file(
    project: Project,
    path: Path,
    dataset: str | None,
    day: datetime.date,
    time: str | None = None,
    labels: Path | None = None,
    *,
    template: Path | None = None,
    accept_doubts: bool = False,
    warn: Callable[[str], None] = lambda reason: None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    stored: Callable[[int], None] = lambda rows: None,
) -> tuple[Snapshot, bool]:
    """Store a file as a snapshot.

    Parameters
    ----------
    path, dataset, time, labels, template
        As for `opened_file`.
    day : datetime.date
        Day of the download: the vintage.
    accept_doubts : bool
        Whether to store a file that is hardly what it is taken for; see `workbench.collecting.doubts`.
    warn : callable
        Called with what may be wrong with a file that is stored.
    progress : callable
        Called with the bytes read and the size of the file, once its digest is computed.
    stored : callable
        Called with the number of rows stored so far.

    Returns
    -------
    Snapshot, bool
        The snapshot, and whether it is new.

    Raises
    ------
    DoubtfulFile
        If it is hardly what it is taken for.
    WorkbenchError
        As `workbench.data.snapshots.SnapshotStore.add`; in any case nothing is stored.
    """

    def judge(doubts: Sequence[Doubt]) -> None:
        if not accept_doubts and any(doubt.refuses for doubt in doubts):
            raise refusal(path.name, doubts)
        for doubt in doubts:
            warn(doubt.text)

    with opened_file(project, path, dataset, time, labels, template) as file:
        return add_file(SnapshotStore.of(project), file, day, judge, progress=progress, stored=stored)


def add_file(
    store: SnapshotStore,
    file: Described,
    day: datetime.date,
    judge: Callable[[Sequence[Doubt]], None],
    *,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    stored: Callable[[int], None] = lambda rows: None,
) -> tuple[Snapshot, bool]:
    """Add an opened file to a store; ``judge`` is called with all doubts about a new one, and its error keeps it out."""

    def examine(form: NormalForm, content: Stored) -> tuple[str, ...]:
        candidate = Candidate(file.dataset, day, file.declaration, form, content, file.lists, file.kin)
        doubts = doubts_about(candidate, store)
        judge(doubts)
        return (DOUBTED,) if any(doubt.refuses for doubt in doubts) else ()

    origin = file.origin(day)
    size = file.given.stat().st_size
    progress(size, size)
    with _lacking_dimensions(store, file):
        return store.add(file.native, file.dataset, day, origin, progress=stored, examine=examine)


def native_file(
    path: Path, declaration: DatasetDeclaration | None, time: str | None = None, labels: Labels | None = None
) -> NativeFile:
    """Open a file by the layout of its dataset or, without a layout, by its own format."""
    if declaration is None or declaration.layout is None:
        return open_native(path, labels)
    return CellsOfFrame(path.name, read_layout(path, declaration.layout, time, labels))


def _together(said: Labels, further: Labels) -> Labels:
    """Labels with those that the provider's code lists add."""
    return {name: {**further.get(name, {}), **said.get(name, {})} for name in {**further, **said}}


def _kin(project: Project, dataset: str, declaration: DatasetDeclaration | None) -> tuple[str, ...]:
    """The dataset of which this one is a selection, and the declared selections of this one."""
    taken_from = [declaration.selection_of] if declaration and declaration.selection_of else []
    selections = [one for one in declared_datasets(project) if read_dataset(project, one).selection_of == dataset]
    return (*taken_from, *selections)


def _dataset_named_in(project: Project, path: Path) -> str:
    """The dataset that a file says it is, under the code that is declared today."""
    try:
        file = open_native(path)
    except MalformedFile as error:
        raise _with_hint(
            error, f"say with --dataset which dataset it is: it may have a layout; or {error.hint}"
        ) from None
    named = ""
    if "dataset" in file.about:
        first = next(iter(file.blocks()), None)
        named = first.texts["dataset"][0].as_py() if first and len(first.rows) else ""
    if not named:
        raise MalformedFile(
            "this file does not say which dataset it is",
            where=path.name,
            expected="a column DATAFLOW or STRUCTURE_ID, or --dataset",
            found="neither",
            unchanged="nothing was stored",
            hint="say it: --dataset CODE, the provider's code, such as migr_asyappctza",
        )
    code = dataset_of(named)
    former = (read_dataset(project, one) for one in declared_datasets(project))
    return next((declared.dataset for declared in former if code in declared.formerly), code)


def _refuse_what_is_sent(declaration: DatasetDeclaration | None) -> None:
    """What comes by a form or a register has checks of its own, and a card that says who sent it."""
    if declaration and declaration.comes_by:
        raise WorkbenchError(
            f"{declaration.dataset} is not imported: it comes by a {declaration.comes_by}, which is checked as such",
            expected=f"the {declaration.comes_by} that was filled in",
            found="a file to import",
            unchanged="nothing was stored",
            hint=declaration.taken_in_by,
        )


def _refuse_to_overwrite(template: Path | None) -> None:
    if template and template.exists():
        raise WorkbenchError(
            f"{template.name} is there already",
            where=str(template),
            expected="a new file for the labels that are not known",
            unchanged="the file, and the store",
            hint="give it as --labels if its codes are filled in; otherwise remove it, or name another file",
        )


@contextmanager
def _unknown_labels(
    project: Project, agency: str, dataset: str, template: Path | None, lists: CodeLists
) -> Iterator[None]:
    """Write the labels that are not known to a file, or say how that is done."""
    try:
        yield
    except UnknownLabels as error:
        if template:
            write_whole(template, error.mapping)
            then = f"fill in the codes in {template}, then import with --labels {template}"
        else:
            then = "--labels-template FILE writes these lines into a file, to fill in and to give as --labels"
        may_ask = not lists and _serves_sdmx(project, agency)
        ask = f"; the provider's own labels come with: workbench fetch {dataset} --code-lists" if may_ask else ""
        raise _with_hint(error, f"{error.hint}; {then}{ask}") from None


@contextmanager
def _lacking_dimensions(store: SnapshotStore, file: Described) -> Iterator[None]:
    """Where a file says something twice, name the dimensions that other vintages have and it lacks."""
    try:
        yield
    except MalformedFile as error:
        vintages = store.vintages(file.dataset) if error.what == REPEATED else []
        had = {axis for vintage in vintages for axis in vintage.opened(file.declaration).dimensions}
        renamed = file.declaration.newest_dimension if file.declaration else {}
        lacking = sorted(had - {renamed.get(axis, axis) for axis in file.native.dimensions})
        if not lacking:
            raise
        hint = f"this file lacks {', '.join(lacking)}, which other vintages have and which may tell the two apart: take one with it"
        raise _with_hint(error, hint) from None


@contextmanager
def _advice(project: Project, declaration: DatasetDeclaration | None) -> Iterator[None]:
    """Give errors about a file the remedy that its provider offers."""
    try:
        yield
    except MalformedFile as error:
        remedy = _remedy(project, declaration) if error.hint == AGAIN else None
        if remedy is None:
            raise
        raise _with_hint(error, remedy) from None


def _remedy(project: Project, declaration: DatasetDeclaration | None) -> str | None:
    """How to get a good file from a provider that does not serve SDMX-CSV; None where it does."""
    if declaration is None or _serves_sdmx(project, declaration.agency):
        return None
    fetched = f"workbench fetch {declaration.dataset}; or " if declaration.agency in declared_sources(project) else ""
    return f"{fetched}download it again, as {declaration.provider} publishes it: {declaration.metadata_url}"


def _serves_sdmx(project: Project, agency: str) -> bool:
    return agency in declared_sources(project) and read_source(project, agency).protocol != "unhcr"


def _with_hint(error: WorkbenchError, hint: str) -> WorkbenchError:
    return type(error)(
        error.what,
        where=error.where,
        expected=error.expected,
        found=error.found,
        unchanged=error.unchanged,
        hint=hint,
    )
