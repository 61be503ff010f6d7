"""The code blocks of a page, run in a copy of the project as its reader would run them, from top to bottom.

What a block is, its language says; ``title`` names the file it belongs to. Where a block goes into a file that is there
already, a comment above it, which readers do not see, says where:

``console``        Commands after ``$``, each with lines that it must print, in their order; ``…`` is any text. One that
                   must fail prints a line that begins with ``error:``.
``pycon``          A Python session, checked as a doctest is; one session for the page.
``python`` with a title that ends in ``.ipynb``, ``markdown`` with one: the next cell of the notebook. ``<!-- tag: x -->``
                   gives the cell a tag.
``diff`` with a title  A change of a file: lines to find, each after a space or, where it goes, a minus; lines to add after a
                   plus.
any, with a title  The whole file; or, with ``<!-- below: LINE -->``, lines to add below the first one that is that line.
``po``, with a title  Translations to fill in.
``python`` without a title  A script.
``sh``             Is not run, for it needs the network, a browser or a cluster: only its spelling is checked.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po, write_po

from workbench.cli import main

_BLOCK = re.compile(
    r"(?:^<!-- (?P<hint>tag|below): (?P<at>.+?) -->\n+)?"
    r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_OF_JUPYTERLAB = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_PLAIN_FENCE = re.compile(r"^```\w", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, the line that it begins in, and where it goes."""

    line: int
    language: str
    title: str
    text: str
    hint: str
    at: str


def blocks_of(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(text.count("\n", 0, match.start("language")) + 1, **{k: v or "" for k, v in match.groupdict().items()})
        for match in _BLOCK.finditer(text)
    ]
    assert len(found) == len(_PLAIN_FENCE.findall(text)), f"{page.name} has a fence that the tests do not understand"
    return found


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, of which those of a session that stand one after another are one.

    The session is begun anew with each block, so that what came between is seen; to begin it takes longer than what it does.
    """
    for is_session, some in groupby(blocks, lambda block: block.language == "pycon"):
        if is_session:
            first, *others = some
            yield replace(first, text="\n".join(block.text for block in (first, *others)))
        else:
            yield from some


class Reader:
    """Who follows a page in a copy of the project.

    Parameters
    ----------
    root : Path
        The copy, with the package in it.
    tools : Path
        A folder for the command ``workbench`` of the copy.
    standing_in : dict
        Addresses that pages name, with those on this machine that stand in for them.
    """

    def __init__(self, root: Path, tools: Path, standing_in: dict[str, str]):
        self._root = root
        self._standing_in = standing_in
        self._session = ""
        command = tools / "workbench"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m workbench "$@"\n')
        command.chmod(0o755)
        path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root), "COLUMNS": "200"}

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        for named, own in self._standing_in.items():
            block = replace(block, text=block.text.replace(named, own))
        match block.language:
            case "console":
                for command, expected in commands_of(block.text):
                    self._run_command(command, expected)
            case "pycon":
                self._continue_session(block.text)
            case "po":
                _translate(self._root / block.title, block.text)
            case "diff":
                _change(self._root / block.title, block.text)
            case "python" if not block.title:
                self._run([sys.executable, "-c", block.text])
            case "sh":
                check_spelling(block.text)
            case _ if block.title.endswith(".ipynb"):
                _add_cell(self._root / block.title, block)
            case _ if block.title:
                _write(self._root / block.title, block)

    def _run_command(self, command: str, expected: list[str]) -> None:
        fails = any(line.startswith("error:") for line in expected)
        printed = self._run(["sh", "-c", command], fails)
        lines = iter(printed.splitlines())
        for line in expected:
            wanted = re.compile(".*".join(map(re.escape, line.split("…"))))
            assert any(wanted.fullmatch(text.rstrip()) for text in lines), (
                f"not printed: {line}\n$ {command}\n{printed}"
            )

    def _continue_session(self, text: str) -> None:
        self._session += text + "\n"
        written = self._root.parent / "session.txt"
        written.write_text(self._session, encoding="utf-8")
        options = ["-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE", "-f"]
        self._run([sys.executable, "-m", "doctest", *options, str(written)])

    def _run(self, arguments: list[str], fails: bool = False) -> str:
        done = subprocess.run(
            arguments,
            cwd=self._root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) == fails, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout


def commands_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console, with the lines that it must print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *expected = part.rstrip().splitlines()
        yield command, [line.rstrip() for line in expected]


def check_spelling(text: str) -> None:
    """Check that the workbench's commands and options are there; what follows a command after ``#`` is a comment."""
    for line in text.splitlines():
        name, *arguments = shlex.split(line, comments=True) or [""]
        if name == "workbench":
            command = main.commands[arguments[0]]
            command.make_parser(command.make_context(arguments[0], [], resilient_parsing=True)).parse_args(
                arguments[1:]
            )


def _add_cell(path: Path, block: Block) -> None:
    notebook = nbformat.read(path, 4) if path.exists() else nbformat.v4.new_notebook(metadata=_OF_JUPYTERLAB)
    new = nbformat.v4.new_markdown_cell if block.language == "markdown" else nbformat.v4.new_code_cell
    metadata = {"tags": [block.at]} if block.hint == "tag" else {}
    notebook.cells.append(new(block.text.rstrip(), metadata=metadata))
    nbformat.write(notebook, path)


def _write(path: Path, block: Block) -> None:
    if not block.hint:
        assert not path.exists(), f"{path.name} is there already: the page does not say where the block goes"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = [line.strip() for line in lines].index(block.at)
    path.write_text("".join([*lines[: place + 1], block.text, *lines[place + 1 :]]), encoding="utf-8")


def _change(path: Path, text: str) -> None:
    lines = text.splitlines(keepends=True)
    before, after = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
    written = path.read_text(encoding="utf-8")
    assert written.count(before) == 1, f"{path.name} does not have, or has more than once:\n{before}"
    path.write_text(written.replace(before, after), encoding="utf-8")


def _translate(path: Path, text: str) -> None:
    catalogue = read_po(BytesIO(path.read_bytes()))
    for message in read_po(BytesIO(text.encode())):
        if message.id:
            assert catalogue[message.id] is not None, f"no such message in {path.name}: {message.id}"
            catalogue[message.id].string = message.string
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)
