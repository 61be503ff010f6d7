"""The page of a study as the preview serves it: with a script that renews it, and a line that says what goes on."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from workbench.model.record import About
from workbench.page.html import ICON, shared_style
from workbench.presentation.blocks import address_of_study
from workbench.preview.audience import NOTICES, VERSION

_TEMPLATES = Path(__file__).parent / "templates"


def live(page: str, nonce: str, text: Callable[[str], str]) -> str:
    """A page with what the preview adds; all else of it is as it was.

    Parameters
    ----------
    page : str
        As an edition has it.
    nonce : str
        By which its content security policy allows the script and the style of the preview.
    text : callable
        Translates what the preview says.
    """
    head = (
        f'<style nonce="{nonce}" class="preview">{_template("preview.css")}</style>\n'
        f'<script nonce="{nonce}" class="preview">{_template("preview.js")}</script>\n</head>'
    )
    added = {
        "; style-src ": f"; connect-src 'self'; style-src 'nonce-{nonce}' ",
        "; script-src ": f"; script-src 'nonce-{nonce}' ",
        "<style>": f'<style nonce="{nonce}">',
        "</head>": head,
        'id="content">\n': f'id="content">\n{NOTICES}',
        "</body>": f"{_status_line(text)}</body>",
    }
    for found, put in added.items():
        before, separator, after = page.partition(found) if found != "</body>" else page.rpartition(found)
        assert separator, f"the template of a study has {found}"
        page = before + put + after
    return page


def beside(page: str, study: About) -> str:
    """The page on the method of a study, which leads back to the preview."""
    return page.replace(f'href="{address_of_study(study.study, study.language)}"', 'href="/"')


def bare(language: str, title: str) -> str:
    """A page without a study, for as long as there is none."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src ; script-src ; '
        "img-src data:; base-uri 'none'; form-action 'none'\">\n"
        f'<title>{escape(title)}</title>\n<link rel="icon" href="{ICON}">\n<style>{shared_style()}</style>\n'
        f'</head>\n<body>\n<main class="page" id="content">\n<h1>{escape(title)}</h1>\n</main>\n</body>\n</html>\n'
    )


def _status_line(text: Callable[[str], str]) -> str:
    """What the preview does, in words for its script."""
    said = {
        "running": text("Running cell {number} of {of} …"),
        "starting": text("Starting …"),
        "updated": text("Updated {time}"),
        "failed": text("Failed {time}"),
        "lost": text("The preview has ended"),
    }
    name = text("Preview")
    words = "".join(f' data-{state}="{escape(words)}"' for state, words in said.items())
    return f'<aside id="preview" aria-label="{escape(name)}"{words} {VERSION}><p role="status" aria-live="polite"></p></aside>\n'


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
