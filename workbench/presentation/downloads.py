"""Links that save the files beside a page, each with its kind and size."""

from html import escape

from workbench.presentation.wording import Wording


def file_link(wording: Wording, name: str, size: int, label: str = "") -> str:
    """A link that saves a file beside the page: ``CSV (118 kB)``; with a label ``Data (CSV, 118 kB)``."""
    kind, sized = name.rpartition(".")[2].upper(), size_text(wording, size)
    said = f"{label} ({kind}, {sized})" if label else f"{kind} ({sized})"
    return f'<a href="{escape(name)}" download>{escape(said)}</a>'


def size_text(wording: Wording, size: int) -> str:
    """The size of a file as a reader sees it."""
    if size < 1_000_000:
        return f"{wording.number(size / 1000, decimals=1 if size < 10_000 else 0)} kB"
    return f"{wording.number(size / 1_000_000, decimals=1)} MB"


def downloads_html(wording: Wording, *links: str) -> str:
    """The line of links below a figure or table."""
    heading = escape(wording.text("Download"))
    return f'<p class="download">{heading}: {", ".join(links)}</p>'
