"""What an edition says once where its briefs cannot be printed."""

from collections.abc import Iterable

from workbench.declarations.studies import BRIEF, read_sidecar
from workbench.execution.browser import browser
from workbench.model.paths import Project


def unprinted(project: Project, studies: Iterable[str]) -> list[str]:
    """That briefs are without PDFs, if there are some and no browser is on this machine; otherwise nothing."""
    briefs = [study for study in studies if read_sidecar(project, study).page == BRIEF]
    if not briefs or browser():
        return []
    return [f"{', '.join(briefs)}: without PDF, because there is no Chromium or Chrome on the PATH to print it"]
