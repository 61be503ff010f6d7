"""Notebooks are saved as they are committed: without outputs, run numbers, and what one machine says of itself."""

from typing import Any

from workbench.checking.mending import clean

_FOLDER = "notebooks"


def clean_on_save(model: dict[str, Any], path: str, **_: object) -> None:
    """Clean a notebook that JupyterLab saves, if it is in ``notebooks/``; what is shown below the cells stays until it is closed.

    Parameters
    ----------
    model : dict
        What is saved, which is changed in place.
    path : str
        Where, from the folder of the project.
    """
    if model.get("type") == "notebook" and path.strip("/").split("/")[0] == _FOLDER:
        clean(model["content"])
