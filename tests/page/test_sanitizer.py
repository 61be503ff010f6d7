"""Hostile text in notebooks, declarations, translations and outputs does nothing in a page."""

import json

import nbformat
import pytest

from browser import Visit
from workbench.editions.single_run import render_alone
from workbench.model.results_csv import read_results_csv, results_csv
from workbench.model.types import Result
from workbench.page.sanitizer import sanitized

BREAKING_OUT = "\"'><script>window.ran = true</script><img src=x onerror='window.ran = true'>"
# Pictures and frames are refused before any cell runs (test_asked.py); what else Markdown may hold comes to the page.
MARKDOWN = """## Heading "'><script>window.ran = true</script><b onclick="window.ran = true">bold</b>

<script>window.ran = true</script><p onload="window.ran = true"><script>window.ran = true</script></p>

<style>body { display: none }</style>
<a href="javascript:window.ran = true" onclick="window.ran = true" id="content" style="position: fixed">raw link</a>

[link](javascript:window.ran=true) [mail](mailto:ncp@example.org)

```mermaid
graph TD; A["<b onclick=window.ran=true>"] --> B; click A href "javascript:window.ran = true"
```

<math><mtext><table><mglyph><style><a onclick="window.ran = true">x</a></style></mglyph></table></mtext></math>
"""
OUTPUTS = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display

display(HTML({BREAKING_OUT!r} + "<form action='https://elsewhere.invalid/'><input name=q></form><p>own words</p>"))
display(SVG(data="<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran = 12'><script>window.ran = 13</script></svg>"))
display(Javascript("window.ran = 14"))
display(Markdown("[x](javascript:alert)" + {BREAKING_OUT!r}))
display({{"text/vnd.mermaid": "graph TD; A --> B", "text/plain": {BREAKING_OUT!r}}}, raw=True)
print({BREAKING_OUT!r}, "\\x1b[31mred")
"""


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory):
    """The study with hostile texts wherever a person or a file may put one."""
    from conftest import copy_project

    project = copy_project(tmp_path_factory.mktemp("hostile") / "project")
    path = project.notebook("asylum_applications")
    notebook = nbformat.read(path, as_version=4)
    for position, (kind, source) in enumerate((("markdown", MARKDOWN), ("code", OUTPUTS))):
        cell = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}[kind](source)
        cell.id = f"hostile-{kind}"
        notebook.cells.insert(2 + position, cell)
    nbformat.write(notebook, path)
    for file, old in (
        (project.sidecar("asylum_applications"), "title: Asylum applications"),
        (project.params / "editions" / "2022.yaml", "title: Annual Report on Migration and Asylum 2022"),
    ):
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, "title: " + json.dumps(BREAKING_OUT + "</title></style>")), encoding="utf-8")
    indicators = project.params / "indicators.yaml"
    text = indicators.read_text(encoding="utf-8")
    label = "label: " + json.dumps(BREAKING_OUT)
    indicators.write_text(text.replace("label: Asylum applicants\n", label + "\n"), encoding="utf-8")
    files, language = render_alone(project, "asylum_applications", {"language": "en"}, warn=lambda _reason: None)
    return files.html(language)


def test_nothing_runs_and_nothing_is_asked_for(browser, hostile_page):
    visit = Visit(browser, hostile_page)
    visit.page.locator("details.how summary").first.click()
    links = visit.page.get_by_text("raw link").all()
    assert links
    for link in links:
        link.click()
    visit.page.locator(".findings a.number").first.hover()
    visit.page.locator("#about-number").wait_for(state="visible")
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.ran") is None
    assert visit.requests == [hostile_page.as_uri()] and visit.complaints == []


def test_without_a_policy_nothing_runs_either(browser, hostile_page):
    """The text itself is harmless: the policy is a second wall, not the only one."""
    visit = Visit(browser, hostile_page, bypass_csp=True)
    visit.page.locator(".findings a.number").first.hover()
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.ran") is None
    assert visit.page.locator("script:not([type])").count() == 1
    assert visit.page.locator("script[type]:not([type$=json])").count() == 0
    assert (
        visit.page.locator(
            "[onload], [onerror], [onclick], [style]:not(#about-number), iframe, form, input, math, style ~ style"
        ).count()
        == 0
    )
    assert visit.page.locator("a[href^='javascript:' i]").count() == 0
    assert not [url for url in visit.requests if "elsewhere" in url]


def test_what_was_meant_to_be_read_is_still_read(browser, hostile_page):
    page = Visit(browser, hostile_page).page
    assert page.locator("h1").inner_text().startswith(BREAKING_OUT[:20])
    assert page.get_by_text("own words", exact=True).is_visible()
    assert page.locator("a[href='mailto:ncp@example.org']").count() == 1
    assert page.locator("#content").count() == 1
    # A run of its own belongs to no archive, and says so.
    assert page.locator(".kicker .status").inner_text() == "Draft"


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<img src=x onerror=x>", "<svg><use href='data:image/svg+xml,x'/></svg>", "<base href=//x>",
        "<a href='jAvAsCrIpT:x'>", "<a href='data:text/html,x'>", "<p style='background: url(//x)'>", "<meta http-equiv=refresh>",
        "<noscript><p title='</noscript><img src=x onerror=x>'>", "<template><script>x</script></template>",
    ],
)  # fmt: skip
def test_sanitised_markup_has_no_power(html):
    clean = sanitized(html)
    assert not any(word in clean.lower() for word in ("<script", "onerror", "<img", "<svg", "<base", "javascript:", "data:", "url(", "<meta", "style="))  # fmt: skip


def test_structure_survives():
    kept = '<h2>Title</h2><p>A <strong>word</strong> and <a href="https://example.org" rel="noopener noreferrer">a link</a>.</p>'
    assert sanitized(kept) == kept


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_cell_that_looks_like_a_formula_is_text(text):
    """A made-up result, whose codes a file could have brought."""
    made_up = Result(text, "LT", text, "2022", -5.0, -7.5, float("inf"), "persons", "", text, "2024-01-18")
    written = results_csv([made_up])
    cells = written.splitlines()[1].replace('"', "").split(",")
    assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells)
    assert read_results_csv(written) == [made_up]
