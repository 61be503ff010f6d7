"""Once an edition is archived, its pages and notebooks in ``outputs/`` say that they are sealed."""

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from workbench.execution.run_files import METADATA, RunFiles, read_json
from workbench.execution.run_log import FileState, RunLog
from workbench.model.paths import write_whole
from workbench.page.status import SEALED, with_status


def archived_html(path: Path, language: str, status: str) -> bytes:
    """A page of a run in its archive; only its status differs."""
    return with_status(path.read_text(encoding="utf-8"), language, status)


def archived_notebook(files: RunFiles, languages: Collection[str], status: str) -> bytes:
    """The executed notebook of a run in its archive: of the languages of the edition, whose pages have that status."""
    notebook = read_json(files.notebook)
    pages = notebook["metadata"][METADATA]["pages"]
    notebook["metadata"][METADATA]["pages"] = {name: pages[name] for name in languages}
    return _with_status(notebook, languages, status)


def _with_status(notebook: dict, languages: Collection[str], status: str) -> bytes:
    for language in languages:
        notebook["metadata"][METADATA]["pages"][language]["status"] = status
    # As nbformat writes a notebook.
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n").encode()


def mark_sealed(files: RunFiles, languages: Collection[str]) -> None:
    """Have the pages and the notebook of a run say that they are sealed, and note their new state in the run log."""
    pages = {
        path: archived_html(path, language, SEALED)
        for language in languages
        for path in (files.html(language), files.method(language))
    }
    rewritten = {files.notebook: _with_status(read_json(files.notebook), languages, SEALED), **pages}
    changed = [path for path, content in rewritten.items() if _write_if_changed(path, content)]
    run_log = RunLog(files.project)
    state = run_log.state(files.run)
    if state and changed:
        states = {path.name: FileState.of(path) for path in changed}
        pages_now = {name: replace(page, files=_now(page.files, states)) for name, page in state.pages.items()}
        replace(state, files=_now(state.files, states), pages=pages_now).write(run_log.state_path(files.run))


def _now(before: dict[str, FileState], states: dict[str, FileState]) -> dict[str, FileState]:
    return {name: states.get(name, state) for name, state in before.items()}


def _write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file whole unless it has that content; return whether it was written."""
    if path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
