"""Links that save what a page holds: the files are in the page itself, so they need neither server nor script."""

import base64
from collections.abc import Iterable
from html import escape

from workbench.model.results_csv import results_csv
from workbench.model.types import Result
from workbench.presentation.charts.svg import standalone
from workbench.presentation.wording import Wording


def file_link(wording: Wording, name: str, media_type: str, content: bytes, label: str) -> str:
    """A link that saves a file.

    Parameters
    ----------
    wording : Wording
        The language.
    name : str
        The file's name; its suffix is shown as the kind of file.
    media_type : str
        Such as ``text/csv``.
    content : bytes
        What is saved.
    label : str
        What it is; kind and size are added.
    """
    kind = name.rpartition(".")[2].upper()
    size = wording.number(len(content) / 1000, decimals=1 if len(content) < 100_000 else 0)
    data = base64.b64encode(content).decode()
    return (
        f'<a download="{escape(name)}" href="data:{media_type};base64,{data}">{escape(label)} ({kind}, {size} kB)</a>'
    )


def data_link(wording: Wording, name: str, results: Iterable[Result]) -> str:
    """A link that saves results as ``<name>.csv``, each once."""
    return file_link(
        wording, f"{name}.csv", "text/csv", results_csv(dict.fromkeys(results)).encode(), wording.text("Data")
    )


def drawing_link(wording: Wording, name: str, drawing: str) -> str:
    """A link that saves a drawing as ``<name>.svg``."""
    return file_link(wording, f"{name}.svg", "image/svg+xml", standalone(drawing).encode(), wording.text("Figure"))


def downloads_html(wording: Wording, *links: str) -> str:
    """The line of links below a figure or table."""
    heading = escape(wording.text("Download"))
    return f'<p class="download">{heading}: {", ".join(links)}</p>'
