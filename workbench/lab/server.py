"""JupyterLab on the notebooks, with the workbench's kernel: nothing is installed, and nothing of the user's is changed."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from workbench.model.paths import Project

_JUPYTER = Path(__file__).parent / "jupyter"
"""What Jupyter finds by JUPYTER_PATH: the kernel, under the name of Jupyter's own, so that every notebook has it."""

_ON_SAVE = "workbench.lab.saving.clean_on_save"


def open_lab(project: Project, options: Iterable[str]) -> NoReturn:
    """Become JupyterLab.

    Parameters
    ----------
    project : Project
        Whose folder it shows, beginning in the notebooks.
    options : iterable of str
        For JupyterLab, as ``--no-browser``.
    """
    os.chdir(project.root)
    # The process is replaced: signals, and the question whether to end, are Jupyter's own.
    os.execve(sys.executable, command(project, options), environment(os.environ))


def command(project: Project, options: Iterable[str]) -> list[str]:
    """How JupyterLab is started."""
    return [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={project.root}",
        "--LabApp.default_url=/lab/tree/notebooks", f"--FileContentsManager.pre_save_hook={_ON_SAVE}",
        # Else the first thing that it shows is whether news of Jupyter may be fetched.
        "--LabApp.news_url=None", *options,
    ]  # fmt: skip


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Jupyter finds the kernel, before any other of that name."""
    return {**own, "JUPYTER_PATH": os.pathsep.join(filter(None, (str(_JUPYTER), own.get("JUPYTER_PATH"))))}
