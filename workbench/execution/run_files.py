"""The files of a run: where they are, and what they contain, which is read anew each time."""

import json
from dataclasses import dataclass
from pathlib import Path

from workbench.model.paths import Project
from workbench.model.types import Run

METADATA = "migration_workbench"
"""The metadata of an executed notebook that say what each of its pages is about, and whether it is sealed."""


@dataclass(frozen=True)
class RunFiles:
    """A run and its files below ``outputs/<edition>/<country>/``; those of a restricted query, below ``restricted/``."""

    project: Project
    run: Run

    @property
    def folder(self) -> Path:
        return self.project.made_of(self.run.edition) / self.run.edition / self.run.country

    @property
    def notebook(self) -> Path:
        """The executed notebook, which carries the record."""
        return self._file("ipynb")

    @property
    def results(self) -> Path:
        return self._file("results.csv")

    def html(self, language: str) -> Path:
        return self._file(f"{language}.html")

    def method(self, language: str) -> Path:
        """The page on method and data, beside that of the study."""
        return self._file(f"method.{language}.html")

    def spreadsheet(self, language: str) -> Path:
        return self._file(f"{language}.xlsx")

    def printed(self, language: str) -> Path:
        """The page on paper, which a brief has."""
        return self._file(f"{language}.pdf")

    def picture(self, language: str) -> Path:
        """What a link to the page shows where it is shared."""
        return self._file(f"{language}.png")

    def page(self, language: str) -> tuple[Path, Path, Path, Path]:
        """The files that each study has in one language."""
        return self.html(language), self.method(language), self.spreadsheet(language), self.picture(language)

    @property
    def record(self) -> tuple[Path, Path]:
        """The files without a language."""
        return self.notebook, self.results

    def _file(self, rest: str) -> Path:
        return self.folder / f"{self.run.study}.{rest}"


def read_json(path: Path) -> dict:
    """A notebook as plain JSON."""
    return json.loads(path.read_text(encoding="utf-8"))
