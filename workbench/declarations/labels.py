"""What labels mean that no code list has: said by whoever imports a file that uses them.

``params/labels/<dimension>.yaml`` says it for every file, ``label: CODE``; a file of its own for a single import, by dimension.
"""

from collections.abc import Mapping
from pathlib import Path

from workbench.declarations.codelists import code_list, plain
from workbench.declarations.yaml_files import names_in, read_mapping
from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.model.names import DIMENSION
from workbench.model.paths import Project

Labels = Mapping[str, Mapping[str, str]]
"""Dimension to what is said of it: label, without footnote marks, to code."""


def read_labels(project: Project, beside: Path | None = None) -> Labels:
    """What the project says of labels, and what a file says beside it.

    Parameters
    ----------
    beside : Path, optional
        YAML of the form ``dimension: {label: CODE}``.

    Raises
    ------
    InvalidDeclaration
        With file and label, if a code is none, naming the near ones; or if the label means another code already.
    """
    folder = project.params / "labels"
    said: dict[str, dict[str, str]] = {}
    for dimension in names_in(folder, DIMENSION):
        path = folder / f"{dimension}.yaml"
        _add(said, dimension, read_mapping(path), path)
    for dimension, labels in (read_mapping(beside) if beside else {}).items():
        if not isinstance(labels, dict):
            raise _refused(beside, dimension, "labels of a dimension, each with its code", repr(labels))
        _add(said, dimension, labels, beside)
    return said


def _add(said: dict[str, dict[str, str]], dimension: str, labels: dict, path: Path) -> None:
    known = said.setdefault(dimension, {})
    for label, code in labels.items():
        if not (isinstance(label, str) and isinstance(code, str) and plain(label)):
            # YAML takes NO, which is Norway, for "false".
            raise _refused(
                path, label, 'a label and its code; in quotes where YAML takes it for something else: "NO"', repr(code)
            )
        try:
            codes = code_list(dimension)
            codes.code(code)
        except UnknownCode as error:
            raise _refused(path, label, error.expected, f"{error.what}") from None
        meant = known.get(plain(label)) or codes.meaning(label) or code
        if meant != code:
            raise _refused(path, label, f"{meant}, which it means already", code)
        known[plain(label)] = code


def _refused(path: Path, key, expected: str, found: str) -> InvalidDeclaration:
    return InvalidDeclaration(
        f"{path.name} does not say what a label means",
        where=f"{path}, key {key}",
        expected=expected,
        found=found,
        unchanged="nothing was read and nothing was stored",
        hint="correct the file",
    )
