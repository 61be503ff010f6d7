"""The datasets that the studies of the site use: what is declared of each, which snapshots are here, who uses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, declared_datasets, read_dataset
from workbench.declarations.sources import declared_sources
from workbench.model.paths import Project
from workbench.model.record import Source
from workbench.presentation.wording import Wording
from workbench.site.inventory import Site, StudyPage


@dataclass(frozen=True, eq=False)
class UsedDataset:
    """A dataset of the site.

    Attributes
    ----------
    code : str
        The provider's code.
    declared : DatasetDeclaration or None
        What the workbench knows of it beyond the cards, if it is declared.
    snapshots : tuple of Snapshot
        Those that are here, the newest first.
    pages : tuple of StudyPage
        The studies that read it, in all languages.
    can_be_fetched : bool
        Whether its provider has an interface; its files are imported otherwise.
    """

    code: str
    declared: DatasetDeclaration | None
    snapshots: tuple[Snapshot, ...]
    pages: tuple[StudyPage, ...]
    can_be_fetched: bool

    def source(self, language: str) -> Source:
        """What the newest study in a language says of it; of another language, where there is none in that."""
        of_language = [page for page in self.pages if page.language == language] or self.pages
        return max(self._sources(of_language), key=lambda source: source.vintage)

    @cached_property
    def vintages(self) -> dict[str, set[tuple[str, str, str]]]:
        """The vintages that are here or that studies used, the newest first, each with the studies that used it."""
        found: dict[str, set[tuple[str, str, str]]] = {snapshot.id.vintage: set() for snapshot in self.snapshots}
        for page in self.pages:
            for source in self._sources([page]):
                found.setdefault(source.vintage, set()).add(page.key)
        return dict(sorted(found.items(), reverse=True))

    @property
    def command(self) -> str:
        """How a researcher gets it."""
        if self.can_be_fetched:
            return f"workbench fetch {self.code}"
        return (
            self.declared.taken_in_by
            if self.declared
            else f"workbench import FILE --dataset {self.code} --vintage DATE"
        )

    def _sources(self, pages: Iterable[StudyPage]) -> list[Source]:
        return [source for page in pages for source in page.sources if source.dataset == self.code]


def dataset_title(dataset: UsedDataset, wording: Wording) -> str:
    """What a dataset is called: as it is declared, else as the newest study says."""
    return wording.text(dataset.declared.title) if dataset.declared else dataset.source(wording.language).title


def used_datasets(project: Project, site: Site) -> dict[str, UsedDataset]:
    """The datasets that studies of the site read, by their codes."""
    store, declared, interfaces = SnapshotStore.of(project), declared_datasets(project), declared_sources(project)
    codes = sorted({source.dataset for page in site.pages for source in page.sources})
    found = {}
    for code in codes:
        declaration = read_dataset(project, code) if code in declared else None
        pages = tuple(page for page in site.pages if any(source.dataset == code for source in page.sources))
        agency = declaration.agency if declaration else ""
        found[code] = UsedDataset(code, declaration, tuple(reversed(store.vintages(code))), pages, agency in interfaces)
    return found
