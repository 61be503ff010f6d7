"""Reading the YAML of ``params/`` and of cards: each file has a model, and may contain only what the model knows."""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from workbench.declarations.models import Unfit
from workbench.declarations.structuring import Model, structured
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.names import Names

_SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader of the C library, where PyYAML was built with it: ten times as fast."""


class DoubledKey(yaml.YAMLError):
    """A mapping that gives a key twice; the lines are counted from 1."""

    def __init__(self, key: str, first: int, again: int):
        super().__init__(f"the key {key} is given on line {first} and again on line {again}")
        self.key, self.first, self.again = key, first, again


class Loader(_SAFE_LOADER):
    """Loads plain data. Of a key that is given twice YAML would keep the last value and say nothing: it is refused."""

    def get_single_node(self) -> yaml.Node | None:
        """The document, before anything is made of it."""
        node = super().get_single_node()
        _refuse_doubled_keys(node)
        return node


def _refuse_doubled_keys(document: yaml.Node | None) -> None:
    left, seen = [document], set[int]()
    while left:
        node = left.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
            continue
        seen.add(id(node))
        if not isinstance(node, yaml.MappingNode):
            left += node.value
            continue
        lines: dict[tuple[str, str], int] = {}
        for key, value in node.value:
            left += (key, value)
            if not isinstance(key, yaml.ScalarNode):
                continue
            name, line = (key.tag, key.value), key.start_mark.line + 1
            if name in lines:
                raise DoubledKey(key.value, lines[name], line)
            lines[name] = line


def read_yaml(path: Path, model: type[Model], **given: str | int) -> Model:
    """Read and validate a YAML file.

    Parameters
    ----------
    path : Path
        The file.
    model : type of Declaration
        What it must contain.
    **given
        Keys that follow from the name or folder of the file; it need not contain them, and must not contradict them.

    Raises
    ------
    InvalidDeclaration
        With file and key, if the file does not exist, is not YAML, or is not valid.
    """
    said = read_mapping(path)
    for key, value in given.items():
        if key in said and str(said[key]) != str(value):
            raise InvalidDeclaration(
                f"{path.name} contradicts its own name or folder",
                where=f"{path}, key {key}",
                expected=str(value),
                found=str(said[key]),
                hint="correct the key, or move the file to where it belongs by this key",
            )
    try:
        return structured({**said, **given}, model)
    except Unfit as unfit:
        raise explained(unfit, path) from None


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping, whose content is for the caller to check.

    Raises
    ------
    InvalidDeclaration
        If the file does not exist, or does not hold a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InvalidDeclaration(
            f"there is no {path.name}",
            where=str(path),
            expected=near(path.stem, [other.stem for other in path.parent.glob("*.yaml")]),
        ) from None
    except ValueError as error:
        raise InvalidDeclaration("this file is not text in UTF-8", where=str(path), found=str(error)) from None
    said = parsed(text, path, "this file")
    if not isinstance(said, dict):
        raise InvalidDeclaration("a declaration is a mapping of keys", where=str(path), found=type(said).__name__)
    return said


def parsed(text: str, path: Path, what: str, line: int = 1) -> Any:
    """Parse the YAML of a file, or of ``what`` in it, which begins on a line.

    Raises
    ------
    InvalidDeclaration
        If it is not YAML, or gives a key twice.
    """
    try:
        return yaml.load(text, Loader)
    except DoubledKey as error:
        first, again = (number + line - 1 for number in (error.first, error.again))
        raise InvalidDeclaration(
            f"{path.name} gives a key twice",
            where=f"{path}, line {again}, key {error.key}",
            expected="each key once",
            found=f"it is given on line {first} already",
            hint="keep one of the two",
        ) from None
    except (yaml.YAMLError, ValueError) as error:  # such as the date 2022-13-45
        raise InvalidDeclaration(f"{what} is not YAML", where=str(path), found=str(error)) from error


def read_named(
    folder: Path, names: Names, name: str, model: type[Model], *, absent: str, hint: str, **given: str | int
) -> Model:
    """Read ``<folder>/<name>.yaml``, as `read_yaml`; ``absent`` is the error if there is none.

    Raises
    ------
    InvalidName
        If this name, or that of a file of the folder, is not valid.
    """
    known = names_in(folder, names)
    if names.checked(name, known=known) not in known:
        raise InvalidDeclaration(absent, where=str(folder), expected=near(name, known), hint=hint)
    return read_yaml(folder / f"{name}.yaml", model, **given)


def names_in(folder: Path, names: Names) -> list[str]:
    """The names of the declarations in a folder, sorted.

    Raises
    ------
    InvalidName
        If the name of a file is not valid: nothing could refer to what it declares.
    """
    files = os.listdir(folder) if folder.is_dir() else []
    # Files whose names begin with a dot belong to editors.
    stems = sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml") and not file.startswith("."))
    hint = "rename the file, or move it out of the folder, where every file is a declaration"
    for stem in stems:
        if not names.allow(stem):
            names.checked(stem, where=str(folder / f"{stem}.yaml"), hint=hint)
    return stems


# User and password, or a query, in an address: errors are shown, kept in the log and sent to others.
_SECRET = re.compile(r"//\S*@|(?<=\?)[^\s'\"]+")


def explained(unfit: Unfit, path: Path) -> InvalidDeclaration:
    """Why a file does not say what its model must have, with its key."""
    return InvalidDeclaration(
        f"{path.name} does not say what it must",
        where=f"{path}, key {'.'.join(unfit.key) or '(top)'}",
        expected=unfit.expected,
        found=_SECRET.sub("…", unfit.found or "nothing"),
        hint="correct the file; docs/reference/declarations.md says what each kind of declaration contains",
    )
