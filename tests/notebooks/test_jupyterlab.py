"""A researcher opens the notebook in JupyterLab, runs it from top to bottom, sees the study, and saves it: Git sees no change."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

from browser import launch

pytestmark = pytest.mark.slow


@pytest.fixture
def lab(project, tmp_path):
    """A JupyterLab on this machine's loopback, with the project's notebooks, and a home of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "workbench", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=made-up",
    ]  # fmt: skip
    home = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "jupyter")}
    server = subprocess.Popen(
        command, cwd=project.root, env=os.environ | home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_until_it_answers(address: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2)
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def test_the_notebook_runs_top_to_bottom_in_jupyterlab_and_is_saved_clean(lab, project):
    committed = project.notebook("asylum_applications").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{lab}/lab/tree/notebooks/asylum_applications.ipynb?token=made-up")
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Migration workbench | Idle")).to_be_visible(timeout=120_000)
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
        # The last cell shows the provenance; an error anywhere would have stopped before it.
        expect(page.locator("table.provenance")).to_be_attached(timeout=120_000)
        assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        assert page.locator("figure.chart svg").count() > 0
        finding = page.locator(".findings .trend polyline").first
        assert finding.evaluate("line => getComputedStyle(line).fill") == "none"
        # Something is typed, or there would be nothing to save; then it is taken back.
        page.locator(".jp-Notebook .jp-Cell").last.locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" ")
        page.keyboard.press("Backspace")
        with page.expect_response(lambda answer: answer.request.method == "PUT" and ".ipynb" in answer.url):
            page.keyboard.press("Control+s")
        assert page.locator("figure.chart svg").count() > 0, "what is shown stays until the notebook is closed"
        browser.close()
    assert project.notebook("asylum_applications").read_text(encoding="utf-8") == committed
