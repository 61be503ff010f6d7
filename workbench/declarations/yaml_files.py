"""Reading the YAML of ``params/`` and of cards: each file has a model, and says only what the model knows."""

from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from workbench.model.errors import InvalidDeclaration, near


class Declaration(BaseModel):
    """What a file of ``params/`` may say. Unknown keys are refused, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Vintage = Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}-\d{2}-\d{2}(\.[1-9]\d*)?$")]
"""The day of a download; ``2026-11-24.2`` is the second of that day that differs from the first."""

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
        Keys that the file's name or place says instead of the file.

    Raises
    ------
    InvalidDeclaration
        With file and key, if the file is not there, is no YAML, or says something else.
    """
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), SAFE_LOADER)
    except FileNotFoundError:
        raise InvalidDeclaration(
            f"there is no {path.name}",
            where=str(path),
            expected=near(path.stem, [other.stem for other in path.parent.glob("*.yaml")]),
        ) from None
    except yaml.YAMLError as error:
        raise InvalidDeclaration("this file is not YAML", where=str(path), found=str(error)) from error
    if not isinstance(said, dict):
        raise InvalidDeclaration("a declaration is a mapping of keys", where=str(path), found=type(said).__name__)
    try:
        return model.model_validate({**given, **said})
    except ValidationError as error:
        raise _explained(error, path, model) from None


def read_named(folder: Path, name: str, model: type[Model], *, absent: str, remedy: str, **given) -> Model:
    """Read ``<folder>/<name>.yaml``, as `read_yaml`; one that is not there is refused in the words of ``absent``."""
    path = folder / f"{name}.yaml"
    if not path.is_file():
        raise InvalidDeclaration(absent, where=str(folder), expected=near(name, names_in(folder)), remedy=remedy)
    return read_yaml(path, model, **given)


def names_in(folder: Path) -> list[str]:
    """What a folder of declarations declares, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def _explained(error: ValidationError, path: Path, model: type[BaseModel]) -> InvalidDeclaration:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        found, expected = f"unknown key {key}", near(str(first["loc"][-1]), model.model_fields)
    else:
        found, expected = repr(first.get("input")), first["msg"]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return InvalidDeclaration(
        f"{path.name} does not say what it must{more}",
        where=f"{path}, key {key or '(top)'}",
        expected=expected,
        found=found,
        remedy="correct the file; CONTRIBUTING.md shows what each kind of declaration holds",
    )
