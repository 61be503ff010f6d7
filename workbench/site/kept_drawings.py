"""Drawings of the site, kept so that what has not changed is not drawn again: they take most of the time that the site takes."""

import json
from collections.abc import Sequence
from importlib.metadata import version

from workbench.execution.fingerprint import translation_digests
from workbench.model.digests import code_digest, digest_of, file_digest
from workbench.model.paths import Project, write_whole
from workbench.presentation.charts.chart import Chart
from workbench.presentation.wording import Wording

_CODE = ("presentation", "declarations", "model")
"""What draws and words, and the rooms that it imports from."""


class KeptDrawings:
    """Draws what was not drawn when the site was last written; call `write` once all is drawn.

    A drawing is known by everything that it is made from: the code and the library that draw, the words, and what is drawn.

    Parameters
    ----------
    project : Project
        Whose journal keeps them.
    """

    def __init__(self, project: Project):
        self._path = project.journal / "drawings.json"
        self._made_by = [code_digest(_CODE), version("matplotlib"), file_digest(project.params / "indicators.yaml")]
        self._translations = translation_digests()
        self._before = self._read()
        self._now: dict[str, str] = {}

    def svg(self, chart: Chart, wording: Wording, name: str, caption: Sequence[str]) -> str:
        """A chart as `Chart.svg` draws it."""
        words = [wording.language, self._translations.get(wording.language, "")]
        key = digest_of(self._made_by, words, repr(chart), name, caption)
        self._now[key] = self._before.get(key) or chart.svg(wording, name, caption)
        return self._now[key]

    def write(self) -> None:
        """Keep what was drawn or used, and nothing else."""
        write_whole(self._path, json.dumps(self._now))

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
