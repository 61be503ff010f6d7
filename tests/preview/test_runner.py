"""Cells that run again leave behind what a fresh run would, whatever was changed before."""

import asyncio
import contextlib
import json
from pathlib import Path

import pytest

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels.forked_kernel import close_fork_servers
from workbench.execution.notebook import execute
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.preview.errors import failing_line
from workbench.preview.runner import Runner
from workbench.resolving.parameters import resolve

STUDIES = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SMALL = "temporary_protection"

pytestmark = pytest.mark.slow


class Saving:
    """A notebook that is edited and saved, and what its runner tells."""

    def __init__(self, project: Project, study: str, connections: Path):
        self.project, self.connections = project, connections
        connections.mkdir(exist_ok=True)
        self.path = project.notebook(study)
        self.run: Run = resolve(project, study, {"country": "LT", "year": 2022})
        self.told: list[dict] = []
        given = {"country": "LT", "year": 2022}
        settings = {
            "root": str(project.root), "study": study, "given": given, "others": [], "connections": str(connections)
        }  # fmt: skip
        self.runner = Runner(settings, self.told.append)
        self.is_open = False

    def cells(self) -> list[dict]:
        return json.loads(self.path.read_text(encoding="utf-8"))["cells"]

    def write(self, cells: list[dict]) -> None:
        notebook = json.loads(self.path.read_text(encoding="utf-8"))
        self.path.write_text(json.dumps({**notebook, "cells": cells}), encoding="utf-8")

    async def saved(self, cells: list[dict] | None = None) -> dict:
        """What is reported once a save has been caught up with."""
        if cells:
            self.write(cells)
        self.told.clear()
        await (self.runner.save() if self.is_open else self.runner.open())
        self.is_open = True
        while not (self.told and {"notebook", "unreadable"} & set(self.told[-1])):
            await asyncio.sleep(0.01)
            assert not self.task.done() or self.task.result()
        return self.told[-1]

    def numbers_run(self) -> list[int]:
        return [message["running"] for message in self.told if "running" in message]

    def fresh(self) -> tuple[list, object]:
        recorded = execute(self.project, self.run, RunLimits(), self.connections).recorded
        return left_behind(recorded.notebook.cells), recorded.record.as_json()


def left_behind(cells: list) -> list:
    """Sources and outputs, without the numbers that a kernel gives to executions."""
    return [
        (cell["id"], cell["source"], [{**output, "execution_count": None} for output in cell.get("outputs", [])])
        for cell in cells
    ]


def reported(message: dict) -> tuple[list, object]:
    return left_behind(message["notebook"]["cells"]), message["record"]


@contextlib.asynccontextmanager
async def running(saving: Saving):
    saving.task = task = asyncio.ensure_future(saving.runner.live())
    try:
        yield saving
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture(autouse=True, scope="module")
def _no_fork_server_is_left():
    yield
    close_fork_servers()


def in_session(project, tmp_path, study, session) -> None:
    async def all_of_it():
        async with running(Saving(project, study, tmp_path / "connections")) as saving:
            await session(saving)

    asyncio.run(all_of_it())


def code(cells: list[dict]) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def edited(cells: list[dict], cell: dict, source: str) -> list[dict]:
    return [{**one, "source": source} if one["id"] == cell["id"] else one for one in cells]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def new_cell(name: str, source: str) -> dict:
    return {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}


@pytest.mark.parametrize("study", STUDIES[1::3])
def test_from_an_edited_cell_on_all_is_as_in_a_fresh_run(project, tmp_path, study):
    async def session(saving):
        as_written = saving.fresh()
        assert reported(await saving.saved()) == as_written
        cells = saving.cells()
        late, early = code(cells)[-5], code(cells)[4]
        for changed in (late, early):
            report = await saving.saved(edited(cells, changed, text(changed) + "\n"))
            assert reported(report) == saving.fresh()
            assert reported(await saving.saved(cells)) == as_written
        assert saving.numbers_run()[0] == 6  # that of the parameters was added before it

    in_session(project, tmp_path, study, session)


def test_a_title_an_insertion_a_deletion_and_another_order(project, tmp_path):
    async def session(saving):
        await saving.saved()
        cells = saving.cells()
        figure = next(cell for cell in code(cells) if "study.figure(" in text(cell))
        at = cells.index(figure)
        number = new_cell("added", 'study.text(study.say("{n}", n=study.one("temporary_protection_beneficiaries")))')
        named = edited(cells, figure, text(figure).replace("title=study.say(", "title=study.say('Other: ' + ", 1))
        others = [
            [*cells[:at], new_cell("added", "study.neighbours;"), *cells[at:]],
            named,
            cells[:at] + cells[at + 1 :],
            [*cells[:at], number, *cells[at:]],
            [*cells[:at], cells[at + 1], cells[at], *cells[at + 2 :]],
            cells,
        ]
        for other in others:
            assert reported(await saving.saved(other)) == saving.fresh()

    in_session(project, tmp_path, SMALL, session)


def test_markdown_runs_nothing(project, tmp_path):
    async def session(saving):
        await saving.saved()
        cells = [{**cell, "source": "Words."} if cell["cell_type"] == "markdown" else cell for cell in saving.cells()]
        report = await saving.saved(cells)
        assert saving.numbers_run() == []
        assert {cell["source"] for cell in report["notebook"]["cells"] if cell["cell_type"] == "markdown"} == {"Words."}

    in_session(project, tmp_path, SMALL, session)


def test_a_cell_that_fails_is_reported_and_mended(project, tmp_path):
    async def session(saving):
        as_written = reported(await saving.saved())
        cells = saving.cells()
        failing = new_cell("failing", "a = 1\nstudy.one('no_such_indicator')")
        report = await saving.saved([*cells[:-3], failing, *cells[-3:]])
        assert report["failure"]["cell"] == "failing" and report["failure"]["name"] == "InvalidDeclaration"
        assert failing_line(report["failure"]["traceback"]) == 2
        assert report["record"]["results"], "what was published before it is known"
        await saving.saved()
        assert saving.numbers_run() == [], "it is not tried again while it is the same"
        mended = await saving.saved([*cells[:-3], new_cell("failing", "a = 1"), *cells[-3:]])
        assert not mended["failure"] and reported(mended) == saving.fresh()
        assert reported(await saving.saved(cells)) == as_written

    in_session(project, tmp_path, SMALL, session)


def test_a_save_interrupts_a_cell_that_is_changed_and_no_other(project, tmp_path):
    async def session(saving):
        await saving.saved()
        cells = saving.cells()
        endless = new_cell("endless", "import time\nwhile True: time.sleep(0.01)")
        saving.write([*cells[:-1], endless, cells[-1]])
        saving.told.clear()
        await saving.runner.save()
        while not saving.numbers_run():
            await asyncio.sleep(0.01)
        last = saving.numbers_run()[-1]
        saving.write([*cells[:-1], endless, {**cells[-1], "source": cells[-1]["source"] + ["\n"]}])
        await saving.runner.save()
        await asyncio.sleep(0.3)
        assert saving.numbers_run()[-1] == last and len(saving.told) == 1, "what it does not reach does not stop it"
        report = await saving.saved(cells)
        assert not report["failure"] and reported(report) == saving.fresh()

    in_session(project, tmp_path, SMALL, session)


def test_a_cell_that_ends_the_kernel_is_reported_and_mended(project, tmp_path):
    async def session(saving):
        as_written = reported(await saving.saved())
        cells = saving.cells()
        report = await saving.saved([*cells[:-1], new_cell("deadly", "import os; os._exit(3)"), cells[-1]])
        assert report["failure"]["cell"] == "deadly" and "ended with 3" in report["failure"]["text"]
        assert reported(await saving.saved(cells)) == as_written

    in_session(project, tmp_path, SMALL, session)


def test_a_notebook_that_is_half_written_is_read_again(project, tmp_path):
    async def session(saving):
        as_written = reported(await saving.saved())
        whole = saving.path.read_text(encoding="utf-8")
        saving.path.write_text(whole[: len(whole) // 2], encoding="utf-8")

        async def finish():
            await asyncio.sleep(0.15)
            saving.path.write_text(whole, encoding="utf-8")

        report, _ = await asyncio.gather(saving.saved(), finish())
        assert reported(report) == as_written
        saving.path.write_text(whole[: len(whole) // 2], encoding="utf-8")
        assert "cannot be read completely" in (await saving.saved())["unreadable"]["what"]

    in_session(project, tmp_path, SMALL, session)
