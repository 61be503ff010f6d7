"""Links that save what a page holds: the files are in the page itself, so they need no server and no script."""

import base64
from html import escape

from workbench.presentation.wording import Wording


def download_html(wording: Wording, name: str, media_type: str, content: bytes, label: str) -> str:
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
        What it is; kind and size are put behind.
    """
    kind = name.rpartition(".")[2].upper()
    size = wording.number(len(content) / 1000, decimals=1 if len(content) < 100_000 else 0)
    data = base64.b64encode(content).decode()
    return (
        f'<a download="{escape(name)}" href="data:{media_type};base64,{data}">{escape(label)} ({kind}, {size} kB)</a>'
    )
