"""What a record and a page depend on, as digests: the same inputs make the same bytes.

A record depends on what its notebook computes and reads; a page on its record, and on all that words, draws and sets it.

Nothing heavy is imported and no observation is read, so that an edition that is up to date is known to be so at once.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from msgspec import to_builtins

from workbench.declarations.commentary import commentary_files
from workbench.declarations.countries import countries_file
from workbench.declarations.editions import edition_file, pinned_vintages, read_edition, studies_of
from workbench.declarations.events import events_file
from workbench.declarations.notebooks import read_notebook
from workbench.declarations.queries import answer_files, disseminated, read_query_in
from workbench.declarations.reconciliation import reason_files
from workbench.declarations.site import read_site_declaration
from workbench.declarations.studies import (
    BRIEF,
    COMMENTARY,
    EVERY_VINTAGE,
    OTHER_STUDIES,
    REASONS,
    Sidecar,
    read_sidecar,
)
from workbench.execution.browser import browser
from workbench.model.digests import CODE_FOLDER, code_digest, digest_of, file_digest
from workbench.model.errors import RefusedRun
from workbench.model.names import LATEST
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.model.types import Run

LOCK = "requirements.lock"
CODE = "the code of data, indicators and studies"
WORDING_CODE, PAGE_CODE = "the code of words, tables and drawings", "the template and style of pages"
TRANSLATIONS, TEXT, RECORD = "the translations", "the text of the notebook", "the record"
PRINTED, ADDRESS = "the browser that prints it", "the address and title of the site"

OF_THE_SETTING = frozenset({PAGE_CODE, TEXT, PRINTED, ADDRESS})
"""What a page depends on and the blocks and the spreadsheet in it do not."""

OF_RECORDS = ("model", "declarations", "data", "methods", "indicators", "resolving", "study", "execution")
"""Of all records: a method reaches studies by way of indicators and study modules, and is not traced through them."""

OF_WORDING, OF_PAGES = ("presentation",), ("page", "editions")

Inputs = Mapping[str, str]
"""What a record or page depends on, in words, to its digest."""


class Fingerprints:
    """Digests of the inputs of records and pages; each file is read once, however many depend on it."""

    def __init__(self, project: Project):
        self._project = project
        self._of_file = cache(file_digest)
        self._vintages = cache(self._all_vintages)
        self._sidecar = cache(lambda study: read_sidecar(project, study))
        self._edition = cache(self._edition_digest)
        self._studies = cache(self._studies_digest)
        self._code_cells = cache(lambda study: _digest_of_code(project.notebook(study)))
        self._site = _site_digest(project)
        self.code = own_code()

    def of(self, run: Run) -> dict[str, str]:
        """All that the record of a run depends on; of its notebook, the cells of code."""
        params, sidecar = self._project.params, self._sidecar(run.study)
        files = {
            "the sidecar": self._project.sidecar(run.study),
            "params/indicators.yaml": params / "indicators.yaml",
            "params/countries.yaml": countries_file(self._project),
            "params/events.yaml": events_file(self._project),
            LOCK: self._project.root / LOCK,
            **{
                f"params/datasets/{dataset}.yaml": params / "datasets" / f"{dataset}.yaml"
                for dataset in sidecar.datasets
            },
        }
        snapshots = {
            f"the snapshot {dataset} {vintage}": self._vintages(dataset).get(vintage, "")
            for dataset, vintage in sorted(run.snapshots | self._snapshots_beside(sidecar))
        }
        return {
            "the reference year": digest_of(run.year),
            "the parameters": digest_of(run.country, dict(run.parameters), dict(run.vintages)),
            "the notebook": self._code_cells(run.study),
            **({"the other studies": self._studies(run.edition)} if OTHER_STUDIES in sidecar.depends_on else {}),
            CODE: self.code[CODE],
            **{name: self._of_file(path) for name, path in files.items()},
            **{
                f"params/reconciliation/{path.name}": self._of_file(path)
                for path in reasons_on_file(self._project, sidecar)
            },
            **{
                f"the commentary {path.name}": self._of_file(path) for path in commentaries(self._project, sidecar, run)
            },
            **snapshots,
            **self._answers(run),
        }

    def _answers(self, run: Run) -> dict[str, str]:
        """What Member States answered, of a query."""
        if not self._project.is_query(run.study):
            return {}
        query = read_query_in(self._project, run.edition)
        return {
            f"the answer of {path.stem}": digest_of(disseminated(path, query).decode())
            for path in answer_files(self._project, run.study)
        }

    def of_page(self, run: Run, language: str, record: Inputs) -> dict[str, str]:
        """All that the page of a run in a language depends on; ``record`` is what its record was made from."""
        return {
            RECORD: digest_of(dict(record)),
            TEXT: self._of_file(self._project.notebook(run.study)),
            "the edition": self._edition(run.edition),
            WORDING_CODE: self.code[WORDING_CODE],
            PAGE_CODE: self.code[PAGE_CODE],
            TRANSLATIONS: self._of_file(_translations_file(language)),
            ADDRESS: self._site,
            **({PRINTED: digest_of("there is one")} if self._is_printed(run.study) else {}),
        }

    def _is_printed(self, study: str) -> bool:
        return self._sidecar(study).page == BRIEF and browser() is not None

    def of_selection(self, run: Run) -> str:
        """The digest of all that decides the parameters and vintages of a run: while it is the same, so are they."""
        return digest_of(
            [run.country, run.year, run.edition],
            self.code[CODE],
            self._of_file(countries_file(self._project)),
            pinned_vintages(self._project, run.edition),
            self._to_choose_from(run.study),
        )

    def of_newest_years(self, studies: Iterable[str]) -> str:
        """The digest of all that decides which is the newest year of each of some studies."""
        return digest_of(
            self.code[CODE],
            self._of_file(self._project.params / "indicators.yaml"),
            pinned_vintages(self._project, LATEST),
            [[study, self._to_choose_from(study)] for study in studies],
        )

    def _to_choose_from(self, study: str) -> str:
        """The digest of a sidecar, of its datasets as they are declared, and of all vintages of them."""
        datasets = self._sidecar(study).datasets
        return digest_of(
            self._of_file(self._project.sidecar(study)),
            [self._of_file(self._project.params / "datasets" / f"{dataset}.yaml") for dataset in datasets],
            [sorted(self._vintages(dataset).items()) for dataset in datasets],
        )

    def _all_vintages(self, dataset: str) -> dict[str, str]:
        """Each vintage of a dataset that is on this machine, to the digest of its bytes and its card."""
        return {
            path.stem: digest_of(self._of_file(path), self._of_file(path.with_suffix(".parquet")))
            for folder in (STARTER_SNAPSHOTS, self._project.snapshots)
            for path in sorted(folder.glob(f"*/{dataset}/*.yaml"))
        }

    def _snapshots_beside(self, sidecar: Sidecar) -> set[tuple[str, str]]:
        """The snapshots that a study reads beside those that its runs are given."""
        if EVERY_VINTAGE not in sidecar.depends_on:
            return set()
        return {(dataset, vintage) for dataset in sidecar.datasets for vintage in self._vintages(dataset)}

    def _edition_digest(self, name: str) -> str:
        """What every page shows of its edition, which does not include its studies and countries."""
        if not edition_file(self._project, name).is_file():
            return ""
        edition = read_edition(self._project, name)
        said = (edition.title, edition.publisher, edition.licence, str(edition.released), edition.languages)
        corrections = [to_builtins(correction) for correction in edition.corrections]
        return digest_of(*said, *([corrections] if corrections else []))

    def _studies_digest(self, edition: str) -> str:
        """What a study can show of the others of its edition: which there are, and what they are about."""
        studies = studies_of(self._project, edition)
        has_year = self.of_newest_years(studies) if edition == LATEST else ""
        return digest_of([(name, self._of_file(self._project.sidecar(name))) for name in studies], has_year)


def _site_digest(project: Project) -> str:
    """What every page shows of the site that it is published on."""
    site = read_site_declaration(project)
    return digest_of(site.address, site.title)


def commentaries(project: Project, sidecar: Sidecar, run: Run) -> list[Path]:
    """The files of what an editor says, where the study shows it."""
    return commentary_files(project, run.country, run.year) if COMMENTARY in sidecar.depends_on else []


def reasons_on_file(project: Project, sidecar: Sidecar) -> list[Path]:
    """The files that say why figures differ, where the study shows it."""
    return reason_files(project) if REASONS in sidecar.depends_on else []


def changed(before: Inputs, now: Inputs) -> list[str]:
    """What differs between the inputs of a run as it was made and as it would be made."""
    return [name for name in dict.fromkeys((*now, *before)) if before.get(name) != now.get(name)]


def own_code() -> dict[str, str]:
    """The digests of the code that makes records, that words and draws them, and that sets pages."""
    rooms = {CODE: OF_RECORDS, WORDING_CODE: OF_WORDING, PAGE_CODE: OF_PAGES}
    return {name: code_digest(of_code) for name, of_code in rooms.items()}


def wording_stamp(page: Inputs) -> str:
    """The digest of what the blocks of a page depend on."""
    return digest_of(page[RECORD], page[WORDING_CODE], page[TRANSLATIONS])


def _digest_of_code(notebook: Path) -> str:
    """The digest of the cells of code; of the whole file where it is not a notebook, which is found out when it is run."""
    try:
        cells = [cell for cell in read_notebook(notebook)["cells"] if cell["cell_type"] == "code"]
        return digest_of([[cell.get("id"), cell["source"], cell.get("metadata")] for cell in cells])
    except (RefusedRun, OSError):
        return file_digest(notebook)


def translation_digests() -> dict[str, str]:
    """Each language that the package is translated into, to the digest of its translations."""
    languages = sorted(path.name for path in (CODE_FOLDER / "presentation" / "locale").iterdir() if path.is_dir())
    return {language: file_digest(_translations_file(language)) for language in languages}


def _translations_file(language: str) -> Path:
    return CODE_FOLDER / "presentation" / "locale" / language / "LC_MESSAGES" / "workbench.po"
