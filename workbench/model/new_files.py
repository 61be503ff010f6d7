"""Files that are made together: all of them, or none; and none in the place of another."""

from collections.abc import Mapping
from pathlib import Path

from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project, write_whole


def make_files(project: Project, new: Mapping[Path, str], changed: Mapping[Path, str]) -> list[Path]:
    """Write new files, then others whose content changes; on an error everything is as it was.

    Parameters
    ----------
    project : Project
        Where they belong; errors name them from there.
    new, changed : mapping
        Each file with its whole content.

    Returns
    -------
    list of Path
        The files written, in this order.

    Raises
    ------
    WorkbenchError
        If one of the new files is there already.
    """
    there = [path.relative_to(project.root).as_posix() for path in new if path.exists() or path.is_symlink()]
    if there:
        raise WorkbenchError(
            "what is there already is never overwritten",
            found=", ".join(there),
            unchanged="all files: nothing was written",
            hint="take another name, or remove what is there",
        )
    before = {path: path.read_text(encoding="utf-8") for path in changed}
    try:
        for path, content in {**new, **changed}.items():
            write_whole(path, content)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        for path, content in before.items():
            if path.read_text(encoding="utf-8") != content:
                write_whole(path, content)
        raise
    return [*new, *changed]
