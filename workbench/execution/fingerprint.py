"""What a run depends on, as digests: two runs with the same inputs make the same bytes.

Nothing heavy is imported and no observation is read, so that an edition that is up to date is known to be so at once.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import workbench
from workbench.declarations.countries import countries_file
from workbench.declarations.editions import edition_file, read_edition, studies_of
from workbench.declarations.studies import EVERY_VINTAGE, OTHER_STUDIES, Sidecar, read_sidecar
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.model.types import Run

LOCK = "requirements.lock"
CODE, TRANSLATIONS = "the package's code", "the translations"

_PACKAGE = Path(workbench.__file__).parent
_CODE_FILES = {".py", ".csv", ".j2", ".css", ".js", ".json"}

Inputs = Mapping[str, str]
"""What a run depends on, in words, to its digest."""


class Fingerprints:
    """Digests of the inputs of runs; each file is read once, however many runs depend on it."""

    def __init__(self, project: Project):
        self._project = project
        self._of_file = cache(file_digest)
        self._vintages = cache(self._all_vintages)
        self._sidecar = cache(lambda study: read_sidecar(project, study))
        self._edition = cache(self._edition_digest)
        self._studies = cache(self._studies_digest)
        self.code = code_digest()

    def of(self, run: Run) -> dict[str, str]:
        """All that a run depends on."""
        params, sidecar = self._project.params, self._sidecar(run.study)
        files = {
            "the notebook": self._project.notebook(run.study),
            "the sidecar": self._project.sidecar(run.study),
            "params/indicators.yaml": params / "indicators.yaml",
            "params/countries.yaml": countries_file(self._project),
            LOCK: self._project.root / LOCK,
            TRANSLATIONS: _translations_file(run.language),
            **{
                f"params/datasets/{dataset}.yaml": params / "datasets" / f"{dataset}.yaml"
                for dataset in sidecar.datasets
            },
        }
        snapshots = {
            f"the snapshot {dataset} {vintage}": self._vintages(dataset).get(vintage, "")
            for dataset, vintage in sorted(run.snapshots | self._snapshots_beside(sidecar))
        }
        parameters = digest_of(run.country, run.year, run.language, dict(run.parameters), dict(run.vintages))
        return {
            "the parameters": parameters,
            "the edition": self._edition(run.year),
            **({"the other studies": self._studies(run.year)} if OTHER_STUDIES in sidecar.depends_on else {}),
            CODE: self.code,
            **{name: self._of_file(path) for name, path in files.items()},
            **snapshots,
        }

    def of_selection(self, run: Run) -> str:
        """The digest of all that decides the parameters and vintages of a run: while it is the same, so are they."""
        edition = edition_file(self._project, run.year)
        datasets = self._sidecar(run.study).datasets
        return digest_of(
            [run.country, run.language, run.year],
            self.code,
            self._of_file(self._project.sidecar(run.study)),
            self._of_file(countries_file(self._project)),
            dict(read_edition(self._project, run.year).vintages) if edition.is_file() else {},
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

    def _edition_digest(self, year: int) -> str:
        """What every study shows of the edition of its year, which does not include its studies and countries."""
        if not edition_file(self._project, year).is_file():
            return ""
        edition = read_edition(self._project, year)
        return digest_of(edition.title, edition.publisher, edition.licence, str(edition.released), edition.languages)

    def _studies_digest(self, year: int) -> str:
        """What a study can show of the others of its year: which there are, and what they are about."""
        return digest_of(
            [(name, self._of_file(self._project.sidecar(name))) for name in studies_of(self._project, year)]
        )


def changed(before: Inputs, now: Inputs) -> list[str]:
    """What differs between the inputs of a run as it was made and as it would be made."""
    return [name for name in dict.fromkeys((*now, *before)) if before.get(name) != now.get(name)]


def code_digest() -> str:
    """The digest of the package's code, with its templates and tables, but without translations: a study depends on those
    of its own language only."""
    files = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE_FILES)
    return digest_of([(path.relative_to(_PACKAGE).as_posix(), file_digest(path)) for path in files])


def translation_digests() -> dict[str, str]:
    """Each language that the package is translated into, to the digest of its translations."""
    languages = sorted(path.name for path in (_PACKAGE / "presentation" / "locale").iterdir() if path.is_dir())
    return {language: file_digest(_translations_file(language)) for language in languages}


def _translations_file(language: str) -> Path:
    return _PACKAGE / "presentation" / "locale" / language / "LC_MESSAGES" / "workbench.po"


def digest_of(*parts: object) -> str:
    """The digest of things that JSON can hold; a set or mapping view counts as a list."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=list).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file; empty where there is none, as there are no translations into English."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
