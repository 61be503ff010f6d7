"""``%study --country LT --year 2023``: another country or year in a notebook, without editing its cells; ``%check``."""

import os
import shlex
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class

from workbench.model.errors import RefusedRun
from workbench.model.paths import find_project

_NOTEBOOK = "JPY_SESSION_NAME"
"""The environment variable in which Jupyter's server tells a kernel its notebook."""


@magics_class
class StudyMagics(Magics):
    """The magics of the workbench's kernel.

    Attributes
    ----------
    given : dict
        The parameters that stand in the place of those that the notebook sets.
    """

    def __init__(self, shell: InteractiveShell):
        super().__init__(shell)
        self._names = shell.user_ns
        self.given: dict[str, Any] = {}

    @line_magic
    def study(self, line: str) -> Any:
        """Open a study with other parameters than those of the notebook's first cell: it need not be edited.

        ``%study --country LV --year 2023 --language lt``: until the kernel ends, every parameter that is named here stands in
        the place of the one that the parameters cell sets. ``%study`` alone is back to those of the notebook.
        ``%study visas --country LV`` names a study where the notebook is none.
        """
        from workbench.resolving.parameters import resolve, together
        from workbench.study.study import Study

        name, options = parsed(line)
        project = find_project()
        study = name or notebook_name()
        given = together(project, study, {}, options)
        resolve(project, study, given)
        self.given = given
        opened = Study.open(study, **given)
        self._names.update({"study": opened, "say": opened.say, **given})
        return opened

    def put_parameters(self, *_: object) -> None:
        """Put the parameters that were given in the place of the notebook's after each cell, as papermill does once."""
        self._names.update(self.given)

    @line_magic
    def check(self, line: str) -> None:
        """Say what keeps the notebook, as it was last saved, from being a study; ``%check visas`` names another."""
        from workbench.checking.check import check_notebook, notebooks_named

        project = find_project()
        for path in notebooks_named(project, shlex.split(line) or [notebook_name()]):
            remarks = check_notebook(project, path)
            print("\n".join(map(str, remarks)) or f"{path.name}: nothing to remark")


def parsed(line: str) -> tuple[str, list[str]]:
    """What is typed after ``%study``: the name of a study, or none, and parameters as ``country=LV``.

    Raises
    ------
    RefusedRun
        If it is something else.
    """
    words = shlex.split(line)
    name = words.pop(0) if words and not words[0].startswith("-") else ""
    options = []
    while words:
        option = words.pop(0)
        if not option.startswith("--") or (not words and "=" not in option):
            raise RefusedRun(
                "%study is not told which parameters",
                expected="%study --country LT --year 2023 --language lt, or only some of these",
                found=line.strip(),
                unchanged="the parameters of the notebook",
            )
        named = option.removeprefix("--")
        options.append(named if "=" in named else f"{named}={words.pop(0)}")
    return name, options


def notebook_name() -> str:
    """The study whose notebook this kernel is of.

    Raises
    ------
    RefusedRun
        If that is not known: a console, or a notebook elsewhere.
    """
    stem = Path(os.environ.get(_NOTEBOOK, "")).stem
    if stem and find_project().notebook(stem).is_file():
        return stem
    raise RefusedRun(
        "it is not known which study",
        expected="the name of a study, as in %study visas --country LV",
        found=f"the notebook {stem}, which is none" if stem else "a console, or a notebook without a name",
    )
