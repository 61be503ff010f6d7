"""The codes of labels that no code list has, declared by whoever imports a file that uses them.

``params/labels/<dimension>.yaml`` declares them for every file, ``label: CODE``; a file of the same form by dimension, for one
import.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from workbench.declarations.codelists import code_list, has_code_list, is_code, plain
from workbench.declarations.provider_lists import CodeLists
from workbench.declarations.yaml_files import names_in, read_mapping
from workbench.model.errors import InvalidDeclaration, UnknownCode, near
from workbench.model.names import DIMENSION
from workbench.model.paths import Project

Labels = Mapping[str, Mapping[str, str]]
"""Dimension to its labels, without footnote marks, to their codes."""


def read_labels(project: Project, beside: Path | None = None, lists: CodeLists | None = None) -> Labels:
    """Read the labels that the project declares, and those of one more file.

    Parameters
    ----------
    beside : Path, optional
        YAML of the form ``dimension: {label: CODE}``.
    lists : mapping, optional
        The provider's own code lists: labels may stand for their codes too.

    Raises
    ------
    InvalidDeclaration
        With file and label: if a code is missing or unknown, naming the nearest; or if the label has another code already.
    """
    folder = project.params / "labels"
    said: dict[str, dict[str, str]] = {}
    for dimension in names_in(folder, DIMENSION):
        path = folder / f"{dimension}.yaml"
        _add(said, dimension, read_mapping(path), path, lists or {})
    if beside:
        for dimension, labels in read_mapping(beside).items():
            if not isinstance(labels, dict):
                raise _refused(beside, dimension, "labels of a dimension, each with its code", repr(labels))
            _add(said, dimension, labels, beside, lists or {})
    return said


def check_dimensions(said: Labels, path: Path, dimensions: Collection[str]) -> None:
    """Refuse labels of a dimension that has no code list and that the file does not have: its name is mistyped.

    Parameters
    ----------
    said : mapping
        As of `read_labels`.
    path : Path
        The file that they were read from, for the error.
    dimensions : collection of str
        Those of the file that the labels are for.
    """
    for dimension in said:
        if not has_code_list(dimension) and dimension not in dimensions:
            raise _refused(path, dimension, f"a dimension of the file: {near(dimension, dimensions)}", dimension)


def _add(
    said: dict[str, dict[str, str]], dimension: str, labels: Mapping[Any, Any], path: Path, lists: CodeLists
) -> None:
    known = said.setdefault(dimension, {})
    for label, code in labels.items():
        if code is None:
            raise _refused(path, label, f"a code of {dimension}", "none yet")
        if not (isinstance(label, str) and isinstance(code, str) and plain(label)):
            # YAML reads NO, which is Norway, as "false".
            raise _refused(
                path, label, 'a label and its code; in quotes where YAML reads something else: "NO"', repr(code)
            )
        try:
            own = _own_meaning(dimension, label, code, lists.get(dimension, {}))
        except UnknownCode as error:
            raise _refused(path, label, error.expected, error.what) from None
        meant = known.get(plain(label)) or own or code
        if meant != code:
            raise _refused(path, label, f"{meant}, which is its code already", code)
        known[plain(label)] = code


def _own_meaning(dimension: str, label: str, code: str, listed: Mapping[str, str]) -> str | None:
    """The code that the code list has for a label; None if it has none.

    Raises
    ------
    UnknownCode
        If neither the code list nor the provider's has the code that the label is said to stand for.
    """
    codes = code_list(dimension) if has_code_list(dimension) else None
    if code not in listed and codes:
        codes.code(code)
    elif code not in listed and (listed or not is_code(code)):
        raise UnknownCode(f"{code!r} is not a code of {dimension}", expected=near(code, listed) if listed else "a code")
    return codes.meaning(label) if codes else None


def _refused(path: Path, key: object, expected: str | None, found: str) -> InvalidDeclaration:
    return InvalidDeclaration(
        f"{path.name} does not declare a label and its code",
        where=f"{path}, key {key}",
        expected=expected,
        found=found,
        unchanged="nothing was read and nothing was stored",
        hint="correct the file",
    )
