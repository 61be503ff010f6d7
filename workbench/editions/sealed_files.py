"""Once an edition is archived, its pages and notebooks in ``outputs/`` say that they are sealed."""

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from workbench.execution.run_files import METADATA, RunFiles, read_json
from workbench.execution.run_log import FileState, RunLog
from workbench.model.paths import write_whole
from workbench.page.status import SEALED, sealed_page


def sealed_html(files: RunFiles, language: str) -> bytes:
    """The page of a run in a language once its edition is sealed; only its status differs."""
    return sealed_page(files.html(language).read_text(encoding="utf-8"), language)


def sealed_notebook(files: RunFiles, languages: Collection[str]) -> bytes:
    """The executed notebook of a run in its archive: of the languages of the edition, whose pages are sealed."""
    notebook = read_json(files.notebook)
    pages = notebook["metadata"][METADATA]["pages"]
    notebook["metadata"][METADATA]["pages"] = {name: pages[name] for name in languages}
    return _with_sealed(notebook, languages)


def _with_sealed(notebook: dict, languages: Collection[str]) -> bytes:
    for language in languages:
        notebook["metadata"][METADATA]["pages"][language]["status"] = SEALED
    # As nbformat writes a notebook.
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n").encode()


def mark_sealed(files: RunFiles, languages: Collection[str]) -> None:
    """Have the pages and the notebook of a run say that they are sealed, and note their new state in the run log."""
    pages = {files.html(language): sealed_html(files, language) for language in languages}
    rewritten = {files.notebook: _with_sealed(read_json(files.notebook), languages), **pages}
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
