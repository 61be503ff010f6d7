"""A preview that was started as a command, in a copy of the project and of the package that may be edited."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx

from conftest import copy_package, copy_project

PATIENCE = 60
"""Seconds until a test gives up; nothing is asserted of how long anything takes."""


class Previewed:
    """A running preview. Use it as a context manager."""

    def __init__(self, root: Path, study: str = "temporary_protection", *arguments: str):
        self.project, self.study, self.arguments = copy_project(root), study, arguments
        self.package = copy_package(root / "workbench")
        self.temporary = root / "temporary"
        self.temporary.mkdir()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.stop()

    def start(self, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workbench", "preview", self.study, "--country", "LT", *self.arguments, *more],
            cwd=self.project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(self.project.root), "TMPDIR": str(self.temporary)},
        )  # fmt: skip
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.stderr.read()
        self.until("updated")

    def stop(self) -> str:
        """Press Ctrl-C; what it said on standard error."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=PATIENCE)[1]

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def state(self) -> dict:
        """What a browser hears when it begins to listen."""
        with httpx.stream("GET", self.address + "events") as answer:
            line = next(line for line in answer.iter_lines() if line.startswith("data: "))
        return json.loads(line.removeprefix("data: "))

    def until(self, state: str, other_than: str = "") -> dict:
        """Wait for a state, of another version of the page than one."""
        end = time.monotonic() + PATIENCE
        while (now := self.state())["state"] != state or now["version"] == other_than:
            assert time.monotonic() < end and self.process.poll() is None, now
            time.sleep(0.02)
        return now

    def save(self, path: Path, text: str, state: str = "updated") -> dict:
        """Save a file, and wait until the page shows it."""
        before = self.state()["version"]
        write_as_an_editor(path, text)
        return self.until(state, other_than=before)

    def replace(self, path: Path, old: str, new: str, state: str = "updated") -> dict:
        text = path.read_text(encoding="utf-8")
        assert old in text
        return self.save(path, text.replace(old, new), state)

    def page(self) -> str:
        return httpx.get(self.address).text

    # The notebook

    @property
    def notebook(self) -> Path:
        return self.project.notebook(self.study)

    def cells(self) -> list[dict]:
        return json.loads(self.notebook.read_text(encoding="utf-8"))["cells"]

    def save_cells(self, cells: list[dict], state: str = "updated") -> dict:
        whole = json.loads(self.notebook.read_text(encoding="utf-8"))
        return self.save(self.notebook, json.dumps({**whole, "cells": cells}, indent=1), state)

    def save_cell(self, name: str, source: str, state: str = "updated") -> dict:
        cells = [{**cell, "source": source} if cell["id"] == name else cell for cell in self.cells()]
        return self.save_cells(cells, state)

    def source(self, name: str) -> str:
        return next("".join(cell["source"]) for cell in self.cells() if cell["id"] == name)


def write_as_an_editor(path: Path, text: str) -> None:
    """Write another file and put it in the place of the first, as editors do."""
    other = path.with_name(f".{path.name}.swp")
    other.write_text(text, encoding="utf-8")
    other.replace(path)
