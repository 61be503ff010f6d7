"""The process that makes pages. It imports libraries first, and the code of pages only once it is asked for a page: one that
waits is ready to take the place of another when that code was changed."""

import contextlib
import importlib
from pathlib import Path
from typing import Any

from workbench.execution.preload import gc_paused
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.preview.child import Parent, be_child

_LIBRARIES = ("babel.messages.pofile", "lxml.etree", "matplotlib.backends.backend_svg", "matplotlib.pyplot", "nbconvert.exporters",
              "nh3", "pandas", "papermill", "pyarrow.parquet", "xlsxwriter", "yaml")  # fmt: skip


async def _live(parent: Parent) -> None:
    with gc_paused():
        for name in _LIBRARIES:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    maker: Any = None
    async for asked in parent.messages():
        settings = asked["settings"]
        maker = maker if maker and maker.settings == settings else _maker(settings)
        parent.tell(maker.made(asked["ran"]))


def _maker(settings: dict[str, Any]) -> Any:
    # Here and not above: it imports the code of pages.
    from workbench.preview.pages import PageMaker

    project, run = Project(Path(settings["root"])), Run(**settings["run"])
    return PageMaker(project, run, settings)


def main() -> None:
    """Make pages, until there is nobody to tell about them."""
    be_child(_live)
