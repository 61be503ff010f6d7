"""A page is printed: a tagged PDF, the same bytes every time, by the Chromium of this machine."""

import re
import subprocess
from pathlib import Path

from workbench.execution.browser import browser
from workbench.execution.processes import end_those, family_of, temporary_folder
from workbench.model.errors import FailedRun
from workbench.page.tagged_pdf import normal_form, number_of_pages

_SHEETS = 2
_SECONDS = 120
"""A sheet is printed in one; a browser that needs so many is stuck."""

# The sandbox asks for rights that containers do not give; the page is our own, and its policy lets it load nothing.
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--no-pdf-header-footer", "--generate-pdf-document-outline",
)  # fmt: skip

_NUMBER = re.compile(r'<a class="number"[^>]*>(.*?)</a>', re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


def printed(page: str, name: str) -> bytes:
    """Print a brief on two sheets of A4.

    Parameters
    ----------
    page : str
        The page in a language.
    name : str
        What is printed, for errors.

    Raises
    ------
    FailedRun
        If there is no browser, it does not end or prints nothing, or the brief does not fill two sheets exactly.
    """
    # On paper a number leads nowhere.
    pdf = normal_form(_by_browser(_SCRIPT.sub("", _NUMBER.sub(r'<span class="number">\1</span>', page)), name))
    if (sheets := number_of_pages(pdf)) != _SHEETS:
        raise FailedRun(
            f"{name} does not fit its two printed pages",
            expected=f"{_SHEETS} sheets of A4",
            found=f"{sheets}",
            unchanged="the files in outputs/ for this run",
            hint="shorten the commentary, or the texts of the brief",
        )
    return pdf


def _by_browser(page: str, name: str) -> bytes:
    with temporary_folder("print") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            browser() or "chromium", *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()
        ]  # fmt: skip
        said = _run(command, name)
        if not target.is_file():
            raise _failure(name, "the browser printed nothing", said)
        return target.read_bytes()


def _run(command: list[str], name: str) -> str:
    """Run the browser, and end it with all its processes where it does not end by itself; what it complained of."""
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
        )
    except OSError as error:
        raise _failure(name, "the browser cannot be started", str(error)) from None
    try:
        return process.communicate(timeout=_SECONDS)[1]
    except subprocess.TimeoutExpired:
        end_those(family_of(process.pid), grace=0)
        process.kill()
        process.wait()
        raise _failure(name, f"the browser did not end within {_SECONDS} seconds", command[0]) from None


def _failure(name: str, what: str, found: str) -> FailedRun:
    last = found.strip().splitlines()[-1:] or ["nothing was said"]
    return FailedRun(
        f"{name} was not printed: {what}",
        where=browser(),
        found=last[0],
        unchanged="the files in outputs/ for this run",
        hint="try it again; without a browser on the PATH, briefs are made without PDFs",
    )
