"""The codes of labels that no code list has, declared by whoever imports a file that uses them.

``params/labels/<dimension>.yaml`` declares them for every file, ``label: CODE``; a file of the same form by dimension, for one
import.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.declarations.codelists import code_list, plain
from workbench.declarations.yaml_files import names_in, read_mapping
from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.model.names import DIMENSION
from workbench.model.paths import Project

Labels = Mapping[str, Mapping[str, str]]
"""Dimension to its labels, without footnote marks, to their codes."""


def read_labels(project: Project, beside: Path | None = None) -> Labels:
    """Read the labels that the project declares, and those of one more file.

    Parameters
    ----------
    beside : Path, optional
        YAML of the form ``dimension: {label: CODE}``.

    Raises
    ------
    InvalidDeclaration
        With file and label: if a code is unknown, naming the nearest; or if the label has another code already.
    """
    folder = project.params / "labels"
    said: dict[str, dict[str, str]] = {}
    for dimension in names_in(folder, DIMENSION):
        path = folder / f"{dimension}.yaml"
        _add(said, dimension, read_mapping(path), path)
    if beside:
        for dimension, labels in read_mapping(beside).items():
            if not isinstance(labels, dict):
                raise _refused(beside, dimension, "labels of a dimension, each with its code", repr(labels))
            _add(said, dimension, labels, beside)
    return said


def _add(said: dict[str, dict[str, str]], dimension: str, labels: Mapping[Any, Any], path: Path) -> None:
    known = said.setdefault(dimension, {})
    for label, code in labels.items():
        if not (isinstance(label, str) and isinstance(code, str) and plain(label)):
            # YAML reads NO, which is Norway, as "false".
            raise _refused(
                path, label, 'a label and its code; in quotes where YAML reads something else: "NO"', repr(code)
            )
        try:
            codes = code_list(dimension)
            codes.code(code)
        except UnknownCode as error:
            raise _refused(path, label, error.expected, error.what) from None
        meant = known.get(plain(label)) or codes.meaning(label) or code
        if meant != code:
            raise _refused(path, label, f"{meant}, which is its code already", code)
        known[plain(label)] = code


def _refused(path: Path, key: object, expected: str | None, found: str) -> InvalidDeclaration:
    return InvalidDeclaration(
        f"{path.name} does not declare a label and its code",
        where=f"{path}, key {key}",
        expected=expected,
        found=found,
        unchanged="nothing was read and nothing was stored",
        hint="correct the file",
    )
