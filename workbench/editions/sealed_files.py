"""Once an edition is archived, the pages and notebooks in ``outputs/`` say that they are sealed."""

from dataclasses import replace
from pathlib import Path

from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import FileState, RunLog
from workbench.model.paths import write_whole
from workbench.page.status import sealed_notebook, sealed_page


def mark_sealed(files: RunFiles) -> None:
    """Have the page and notebook of a run say that they are sealed, and note their new state in the run log."""
    pages = {files.html: sealed_page(files), files.notebook: sealed_notebook(files)}
    rewritten = [_write_if_changed(path, content) for path, content in pages.items()]
    run_log = RunLog(files.project)
    state = run_log.state(files.run)
    if state and any(rewritten):
        states = state.files | {path.name: FileState.of(path) for path in pages}
        replace(state, files=states).write(run_log.state_path(files.run))


def _write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file whole unless it has that content; return whether it was written."""
    if path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
