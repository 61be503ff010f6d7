"""The preview over HTTP: its page is that of a fresh run, it goes with what is saved, and it answers this machine alone."""

import re
import socket
import subprocess
import sys

import httpx
import psutil
import pytest

from previewed import Previewed
from workbench.declarations.editions import RunLimits
from workbench.declarations.indicators import read_indicators
from workbench.editions.pages import edition_note, page_of
from workbench.execution.kernels.forked_kernel import close_fork_servers
from workbench.execution.notebook import execute
from workbench.presentation.wording import Wording
from workbench.preview.audience import NOTICES, VERSION
from workbench.preview.document import live
from workbench.resolving.parameters import resolve

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    with Previewed(tmp_path_factory.mktemp("preview") / "project") as started:
        yield started
    close_fork_servers()


@pytest.fixture(autouse=True)
def _all_is_put_back(preview):
    cells = preview.cells()
    yield
    if list(map(written, preview.cells())) != list(map(written, cells)):
        preview.save_cells(cells)


def written(cell: dict) -> tuple[str, str]:
    return cell["id"], "".join(cell["source"])


def fresh(preview: Previewed, language: str = "en") -> str:
    """The page of a fresh run, with what the preview adds to it."""
    run = resolve(preview.project, preview.study, {"country": "LT"})
    recorded = execute(preview.project, run, RunLimits(), preview.temporary).recorded
    wording = Wording(language, read_indicators(preview.project))
    page = page_of(preview.project, run, recorded, wording, edition_note(preview.project, run, language)).html.page
    shown = preview.page()
    nonce, version = (re.search(pattern, shown)[1] for pattern in (r"'nonce-([^']+)'", 'data-version="([^"]+)"'))
    return live(page, nonce, wording.text).replace(NOTICES, "").replace(VERSION, f'data-version="{version}"')


def body(preview: Previewed) -> str:
    """The page without its version."""
    return re.sub('data-version="[^"]+"', VERSION, preview.page())


def test_the_page_is_that_of_a_fresh_run_before_and_after_edits(preview):
    assert preview.page() == fresh(preview)
    preview.save_cell("months-heading", "## Month after month\n\nOther words.")
    assert "Month after month" in preview.page() and preview.page() == fresh(preview)
    preview.save_cell("rank-figure", preview.source("rank-figure").replace('"member-states"', '"states"'))
    assert 'id="figure-states"' in preview.page() and preview.page() == fresh(preview)
    preview.save_cells([cell for cell in preview.cells() if cell["id"] != "months-figure"])
    assert preview.page() == fresh(preview)


def test_a_failing_cell_is_shown_in_its_place_and_goes_away_when_mended(preview):
    whole, source = body(preview), preview.source("rank-figure")
    preview.save_cell("rank-figure", source + "\nstudy.one('no_such_indicator')", state="failed")
    page = preview.page()
    block = re.search(r'<section class="preview-error" role="alert">.*?</section>', page, re.DOTALL)[0]
    assert "rank-figure" in block and "InvalidDeclaration" in block
    assert re.search(r"<mark>study\.one\(.*</mark>", block)
    before, _, after = page.partition(block)
    assert 'id="figure-beneficiaries-by-month"' in before
    assert 'id="figure-neighbours"' in whole and 'id="figure-neighbours"' not in after
    preview.save_cell("rank-figure", source)
    assert body(preview) == whole


def test_a_cell_that_is_not_python_is_shown_in_its_place(preview):
    preview.save_cell("rank-text", "study.text(", state="failed")
    assert "SyntaxError" in preview.page()


def test_what_an_edition_refuses_is_shown_above_the_page(preview):
    preview.save_cell("months-heading", "## Months\n\nThere were 12,345 of them.", state="failed")
    page = preview.page()
    assert "a number is hard-coded in a Markdown cell" in page
    assert page.index('class="preview-error"') < page.index('<header class="title">')


def test_a_style_a_template_and_a_script_are_read_again(preview):
    templates = preview.package / "page" / "templates"
    for path, old, new in (
        (templates / "base.css", "body { margin: 0;", "body { margin: 1px;"),
        (templates / "study" / "index.html.j2", '<p class="facts">', '<p class="facts" data-other="1">'),
        (templates / "study" / "study.js", '"use strict";', '"use strict"; /* other */'),
    ):
        preview.replace(path, old, new)
        assert new in preview.page()
        preview.replace(path, new, old)


def test_code_of_pages_makes_the_page_anew_and_a_mistake_in_it_is_shown(preview):
    path = preview.package / "presentation" / "about.py"
    text, whole = path.read_text(encoding="utf-8"), body(preview)
    preview.save(path, text + "\nraise ValueError('a mistake')\n", state="failed")
    assert "ValueError: a mistake" in preview.page() and "figure-member-states" in preview.page()
    preview.save(path, text)
    assert body(preview) == whole


def test_a_sidecar_makes_all_anew_and_a_mistake_in_it_is_shown(preview):
    path = preview.project.sidecar(preview.study)
    text, whole = path.read_text(encoding="utf-8"), body(preview)
    preview.save(path, re.sub("title: .*", "title: Another title", text))
    assert "Another title" in preview.page()
    preview.save(path, "title: [", state="failed")
    assert "Another title" in preview.page() and 'class="preview-error"' in preview.page()
    preview.save(path, text)
    assert body(preview) == whole


def test_the_page_on_its_method_and_data_is_served_beside_it(preview):
    (address,) = set(re.findall(r'href="([^"#]*\.method\.en\.html)"', preview.page()))
    answer = httpx.get(preview.address + address)
    assert answer.status_code == 200 and 'id="definitions-heading"' in answer.text and 'href="/"' in answer.text
    assert "rank-figure" in answer.text, "the code"
    assert httpx.get(preview.address + address, headers={"Host": "example.org"}).status_code == 403


def test_the_files_that_it_leads_to_are_served(preview):
    csv, workbook = re.findall(r'href="([^"]+)" download', preview.page())
    results = httpx.get(preview.address + csv)
    assert results.headers["Content-Type"].startswith("text/csv") and results.text.startswith("indicator,")
    assert httpx.get(preview.address + workbook).content.startswith(b"PK")


def test_it_answers_this_machine_alone_and_only_what_is_asked_there(preview):
    assert httpx.get(preview.address, headers={"Host": f"localhost:{preview.port}"}).status_code == 200
    for host in ("example.org", f"example.org:{preview.port}", "127.0.0.1", f"127.0.0.1:{preview.port + 1}"):
        assert httpx.get(preview.address, headers={"Host": host}).status_code == 403
    assert httpx.get(preview.address + "events", headers={"Origin": "http://example.org"}).status_code == 403
    for path in ("index.html", "../params/site.yaml", "%2e%2e/params/site.yaml", "outputs/"):
        assert httpx.get(preview.address + path).status_code == 404
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"):
        assert httpx.request(method, preview.address).status_code == 405
    headers = httpx.get(preview.address).headers
    assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY" and "Server" not in headers
    with socket.socket() as other, pytest.raises(OSError):
        other.connect(("127.0.0.2", preview.port))


def test_a_port_that_is_in_use_is_refused(preview):
    command = [sys.executable, "-m", "workbench", "preview", preview.study, "--port", str(preview.port)]
    refused = subprocess.run(
        command, check=False, cwd=preview.project.root, capture_output=True, text=True, timeout=120
    )
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    assert f"error: port {preview.port} is in use" in refused.stderr and "hint:" in refused.stderr


def test_nothing_is_written_and_nothing_is_left_behind(tmp_path):
    with Previewed(tmp_path / "project") as preview:
        family = psutil.Process(preview.process.pid).children(recursive=True)
        assert len(family) >= 3, "two processes and a kernel"
        said = preview.stop()
        assert preview.process.returncode == 130 and "stopping" in said and "Traceback" not in said
        assert not any(map(psutil.pid_exists, [process.pid for process in family]))
        assert list(preview.project.outputs.iterdir()) == [] and list(preview.temporary.iterdir()) == []
