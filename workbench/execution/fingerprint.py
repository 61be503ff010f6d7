"""What a run depends on, as digests: two runs with the same inputs make the same bytes.

Nothing heavy is imported and no observation is read: an edition that is up to date is told so in a moment.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import workbench
from workbench.declarations.countries import countries_file
from workbench.declarations.editions import edition_file, read_edition, studies_of
from workbench.declarations.studies import EVERY_VINTAGE, OTHER_STUDIES, Sidecar, read_sidecar
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.model.types import Run

LOCK = "requirements.lock"
CODE, CATALOGUE = "the package's code", "the language catalogue"

_PACKAGE = Path(workbench.__file__).parent
_CODE = {".py", ".csv", ".j2", ".css", ".js", ".json"}
Inputs = Mapping[str, str]
"""What a run depends on, in words, to its digest."""


class Fingerprints:
    """Digests of the inputs of runs; each file is read once, however many runs depend on it."""

    def __init__(self, project: Project):
        self._project = project
        self._of_file = cache(file_digest)
        self._vintages = cache(self._all_vintages)
        self._sidecar = cache(lambda study: read_sidecar(project, study))
        self._edition = cache(self._said_of_edition)
        self._studies = cache(self._said_of_studies)
        self.code = _digest_of_files(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE)

    def of(self, run: Run) -> dict[str, str]:
        """All that a run depends on."""
        params, sidecar = self._project.params, self._sidecar(run.study)
        files = {
            "the notebook": self._project.notebook(run.study),
            "the sidecar": self._project.sidecar(run.study),
            "params/indicators.yaml": params / "indicators.yaml",
            "params/countries.yaml": countries_file(self._project),
            LOCK: self._project.root / LOCK,
            CATALOGUE: _PACKAGE / "presentation" / "locale" / run.language / "LC_MESSAGES" / "workbench.po",
            **{
                f"params/datasets/{dataset}.yaml": params / "datasets" / f"{dataset}.yaml"
                for dataset in sidecar.datasets
            },
        }
        snapshots = {
            f"the snapshot {dataset} {vintage}": self._vintages(dataset).get(vintage, "")
            for dataset, vintage in sorted(run.snapshots | self._looked_at(sidecar))
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

    def of_selection(self, study: str, given: Mapping) -> str:
        """Of all that decides which parameters and vintages a run has: while it stands, the choice need not be made again."""
        year = given["year"]
        edition = edition_file(self._project, year)
        datasets = self._sidecar(study).datasets
        return digest_of(
            sorted(given.items()),
            self.code,
            self._of_file(self._project.sidecar(study)),
            self._of_file(countries_file(self._project)),
            dict(read_edition(self._project, year).vintages) if edition.is_file() else {},
            [self._of_file(self._project.params / "datasets" / f"{dataset}.yaml") for dataset in datasets],
            [sorted(self._vintages(dataset).items()) for dataset in datasets],
        )

    def _all_vintages(self, dataset: str) -> dict[str, str]:
        """Each vintage of a dataset that is here, with the digest of its bytes and its card."""
        return {
            path.stem: digest_of(self._of_file(path), self._of_file(path.with_suffix(".parquet")))
            for folder in (STARTER_SNAPSHOTS, self._project.snapshots)
            for path in sorted(folder.glob(f"*/{dataset}/*.yaml"))
        }

    def _looked_at(self, sidecar: Sidecar) -> set[tuple[str, str]]:
        """The snapshots that a study looks at beyond those that its runs are given."""
        if EVERY_VINTAGE not in sidecar.depends_on:
            return set()
        return {(dataset, vintage) for dataset in sidecar.datasets for vintage in self._vintages(dataset)}

    def _said_of_edition(self, year: int) -> str:
        """What every study shows of the edition of its year; which studies and countries it holds is not among it."""
        if not edition_file(self._project, year).is_file():
            return ""
        said = read_edition(self._project, year)
        return digest_of(said.title, said.publisher, said.licence, str(said.released), said.languages)

    def _said_of_studies(self, year: int) -> str:
        """What a study can show of the others of its year: which there are, and what they are about."""
        return digest_of(
            [(name, self._of_file(self._project.sidecar(name))) for name in studies_of(self._project, year)]
        )


def changed(before: Inputs, now: Inputs) -> list[str]:
    """What differs between the inputs of a run as it was made and as it would be made."""
    return [name for name in dict.fromkeys((*now, *before)) if before.get(name) != now.get(name)]


def digest_of(*said) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=list).encode()).hexdigest()


def _digest_of_files(paths: Iterable[Path]) -> str:
    return digest_of([(path.relative_to(_PACKAGE).as_posix(), file_digest(path)) for path in sorted(paths)])


def file_digest(path: Path) -> str:
    """Digest of a file; of nothing where there is none, as for the language that the texts are written in."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
