"""The files of a run: where they are, and what they contain, which is read anew each time."""

import json
from dataclasses import dataclass
from pathlib import Path

from workbench.model.paths import Project
from workbench.model.record import RECORD_TYPE, About, Record
from workbench.model.types import Run

METADATA = "migration_workbench"
"""The metadata of an executed notebook that say what it is: `About`, and its status."""


@dataclass(frozen=True)
class RunFiles:
    """A run and its files below ``outputs/<year>/<country>/``."""

    project: Project
    run: Run

    @property
    def folder(self) -> Path:
        return self.project.outputs / str(self.run.year) / self.run.country

    @property
    def html(self) -> Path:
        return self._file(f"{self.run.language}.html")

    @property
    def notebook(self) -> Path:
        return self._file(f"{self.run.language}.ipynb")

    @property
    def results(self) -> Path:
        return self._file("results.csv")

    @property
    def spreadsheet(self) -> Path:
        return self._file(f"{self.run.language}.xlsx")

    @property
    def files(self) -> tuple[Path, ...]:
        return self.html, self.notebook, self.results, self.spreadsheet

    @property
    def record(self) -> Record:
        """What the run read and published, from its executed notebook."""
        record = record_of(json.loads(self.notebook.read_text(encoding="utf-8"))["cells"])
        assert record is not None, "a run without a record has no files"
        return record

    @property
    def about(self) -> About:
        """How the study describes itself, from its executed notebook."""
        metadata = json.loads(self.notebook.read_text(encoding="utf-8"))["metadata"][METADATA]
        return About.from_json({name: part for name, part in metadata.items() if name != "status"})

    def _file(self, rest: str) -> Path:
        return self.folder / f"{self.run.study}.{rest}"


def record_of(cells: list[dict]) -> Record | None:
    """The record that the cells of an executed notebook carry, if there is one."""
    for cell in reversed(cells):
        for output in cell.get("outputs", []):
            if RECORD_TYPE in output.get("data", {}):
                return Record.from_json(output["data"][RECORD_TYPE])
    return None
