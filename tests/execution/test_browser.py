"""What the browser of this machine says of itself."""

import pytest

from workbench.execution import browser


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Chromium 156.0.8078.108 built on Debian GNU/Linux 12 (bookworm)", "Chromium 156.0.8078.108"),
        ("Chromium 156.0.8078.108 ", "Chromium 156.0.8078.108"),
        ("Google Chrome 131.0.6778.85", "Google Chrome 131.0.6778.85"),
        ("", None),
        ("no display", None),
    ],
)
def test_its_version_is_the_same_whoever_built_it(tmp_path, monkeypatch, said, version):
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    monkeypatch.setattr(browser, "browser", lambda: str(program))
    assert browser.browser_version.__wrapped__() == version
