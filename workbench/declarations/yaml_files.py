"""Reading the YAML of ``params/`` and of cards: each file has a model, and says only what the model knows."""

import os
import re
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import quote, urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from workbench.model.errors import InvalidDeclaration, near
from workbench.model.names import DATASET, DIMENSION, LANGUAGE, SOURCE, STUDY, VINTAGE, Names


class Declaration(BaseModel):
    """What a file of ``params/`` may say. Unknown keys are refused, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_of(names: Names) -> AfterValidator:
    """What validates a key of a declaration that is a name."""

    def checked(name: str) -> str:
        if names.allow(name):
            return name
        raise PydanticCustomError("name", "a name of {kind}: {says}", {"kind": names.kind, "says": names.says})

    return AfterValidator(checked)


StudyName = Annotated[str, _one_of(STUDY)]
DatasetName = Annotated[str, _one_of(DATASET)]
SourceName = Annotated[str, _one_of(SOURCE)]
DimensionName = Annotated[str, _one_of(DIMENSION)]
LanguageName = Annotated[str, _one_of(LANGUAGE)]
Vintage = Annotated[str, BeforeValidator(str), _one_of(VINTAGE)]
"""The day of a download; ``2026-11-24.2`` is the second of that day that differs from the first."""


def _is_address(address: str) -> str:
    parts = urlsplit(address)
    is_plain = not (parts.query or parts.fragment or "@" in address) and quote(parts.path, safe="/%") == parts.path
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or not address.endswith("/"):
        raise PydanticCustomError(
            "address", "an absolute address, http:// or https://, that ends with / and has no user, query or fragment"
        )
    return address


Address = Annotated[str, AfterValidator(_is_address)]
"""What addresses begin with. It is published, so that user and password, or a key in a query, may not be in it."""

Model = TypeVar("Model", bound=BaseModel)

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""That of the C library, where PyYAML was built with it: ten times as fast."""


def read_yaml(path: Path, model: type[Model], **given) -> Model:
    """Read and validate a YAML file.

    Parameters
    ----------
    path : Path
        The file.
    model : type of pydantic model
        What it must say.
    **given
        What the file's name or place says; the file need not say it, and must not say otherwise.

    Raises
    ------
    InvalidDeclaration
        With file and key, if the file is not there, is no YAML, or says something else.
    """
    said = read_mapping(path)
    for key, value in given.items():
        if key in said and str(said[key]) != str(value):
            raise InvalidDeclaration(
                f"{path.name} contradicts its own name or place",
                where=f"{path}, key {key}",
                expected=str(value),
                found=str(said[key]),
                hint="correct the key, or move the file to where it says that it belongs",
            )
    try:
        return model.model_validate({**said, **given})
    except ValidationError as error:
        raise _explained(error, path, model) from None


def read_mapping(path: Path) -> dict:
    """Read a YAML file that holds a mapping; it is for the caller to say what of.

    Raises
    ------
    InvalidDeclaration
        If the file is not there, or is none.
    """
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), SAFE_LOADER)
    except FileNotFoundError:
        raise InvalidDeclaration(
            f"there is no {path.name}",
            where=str(path),
            expected=near(path.stem, [other.stem for other in path.parent.glob("*.yaml")]),
        ) from None
    except (yaml.YAMLError, ValueError) as error:  # such as the date 2022-13-45
        raise InvalidDeclaration("this file is not YAML", where=str(path), found=str(error)) from error
    if not isinstance(said, dict):
        raise InvalidDeclaration("a declaration is a mapping of keys", where=str(path), found=type(said).__name__)
    return said


def read_named(folder: Path, names: Names, name: str, model: type[Model], *, absent: str, hint: str, **given) -> Model:
    """Read ``<folder>/<name>.yaml``, as `read_yaml`; one that is not there is refused in the words of ``absent``.

    Raises
    ------
    InvalidName
        If it is no such name, or a file of the folder has none.
    """
    known = names_in(folder, names)
    if names.checked(name, known=known) not in known:
        raise InvalidDeclaration(absent, where=str(folder), expected=near(name, known), hint=hint)
    return read_yaml(folder / f"{name}.yaml", model, **given)


def names_in(folder: Path, names: Names) -> list[str]:
    """What a folder of declarations declares, sorted.

    Raises
    ------
    InvalidName
        If a file has no name of that kind: under it, nothing could name what it declares.
    """
    files = os.listdir(folder) if folder.is_dir() else []
    # What begins with a dot are files that editors keep for themselves.
    stems = sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml") and not file.startswith("."))
    hint = "rename the file; or take it out of the folder, where all files are declarations"
    return [names.checked(stem, where=str(folder / f"{stem}.yaml"), hint=hint) for stem in stems]


# User and password, or a query, in an address: an error is shown, kept in the journal and sent to others.
_SECRET = re.compile(r"//\S*@|(?<=\?)[^\s'\"]+")


def _explained(error: ValidationError, path: Path, model: type[BaseModel]) -> InvalidDeclaration:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        found, expected = f"unknown key {key}", near(str(first["loc"][-1]), model.model_fields)
    else:
        found, expected = _SECRET.sub("…", repr(first.get("input"))), first["msg"]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return InvalidDeclaration(
        f"{path.name} does not say what it must{more}",
        where=f"{path}, key {key or '(top)'}",
        expected=expected,
        found=found,
        hint="correct the file; CONTRIBUTING.md shows what each kind of declaration holds",
    )
