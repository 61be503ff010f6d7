"""What MkDocs does besides: parts of the reference are made from the code when the site is built, and cannot go stale.

``::: commands`` becomes the help of each command; ``::: declarations MODULE`` tables of the keys that the models of a module
take.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
from msgspec import NODEFAULT, structs

from workbench.cli import main
from workbench.declarations.models import Declaration
from workbench.declarations.structuring import keys_of

_COMMANDS = re.compile(r"^::: commands$", re.MULTILINE)
_DECLARATIONS = re.compile(r"^::: declarations ([\w.]+)$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^(?P<names>[\w, ]+) : .*\n(?P<text>(?:    .*\n?)+)", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what the code says in the place of marks."""
    markdown = _COMMANDS.sub(lambda _: commands(), markdown)
    return _DECLARATIONS.sub(lambda mark: "\n".join(map(declaration, models_of(mark[1]))), markdown)


def commands() -> str:
    """The help of each command, as ``--help`` prints it."""
    above = click.Context(main, info_name="workbench")
    helps = dict(_helps(main, above))
    return "\n".join(f"## {name}\n\n```text\n{text}\n```\n" for name, text in helps.items())


def _helps(group: click.Group, above: click.Context) -> Iterator[tuple[str, str]]:
    """The name and the help of each command of a group; of a command that is a group, those of its own."""
    for name, command in sorted(group.commands.items()):
        context = click.Context(command, parent=above, info_name=name, max_content_width=100)
        if isinstance(command, click.Group):
            yield from _helps(command, context)
        else:
            yield context.command_path, command.get_help(context)


def models_of(module: str) -> list[type[Declaration]]:
    """The public models that a module defines, in its order."""
    return [
        defined
        for name, defined in vars(import_module(module)).items()
        if inspect.isclass(defined)
        and issubclass(defined, Declaration)
        and defined.__module__ == module
        and not name.startswith("_")
    ]


def declaration(model: type[Declaration]) -> str:
    """A model as Markdown: what it is, and a row for each key with its type, its default, and what it means."""
    said, meanings = _parts_of(inspect.getdoc(model) or "")
    rows = [["key", "type", "default", "meaning"], ["---"] * 4]
    fields = {field.encode_name: field for field in structs.fields(model)}
    for name, kind in keys_of(model).items():
        field = fields.get(name)
        meaning = meanings.get(field.name if field else name, "")
        rows.append([f"`{name}`", type_of(kind), _default(field), meaning])
    # Of many models the first sentences say all; a column without a word would only take room.
    shown = 4 if meanings else 3
    table = ["| " + " | ".join(map(_cell, row[:shown])) + " |" for row in rows]
    return "\n".join([f"### {model.__name__}", "", said, "", *table, ""])


def type_of(annotation: Any) -> str:
    """A type in the words of those who write YAML."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_of(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(type_of(one) for one in arguments if one is not NoneType))
    if origin is tuple:
        return "list of " + (type_of(arguments[0]) if ... in arguments else ", ".join(map(type_of, arguments)))
    if origin in (dict, Mapping):
        return f"mapping of {type_of(arguments[0])} to {type_of(arguments[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, Declaration):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    plain = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
    return plain.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(field: structs.FieldInfo | None) -> str:
    if field is None or field.required:
        return "required"
    value = field.default if field.default_factory is NODEFAULT else field.default_factory()
    if isinstance(value, Declaration):
        return "its own"
    return "none" if value in (None, (), {}) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _parts_of(docstring: str) -> tuple[str, dict[str, str]]:
    """What a numpydoc docstring says before its attributes, and of each attribute."""
    said, _, attributes = docstring.partition("Attributes\n----------\n")
    meanings = {
        name.strip(): _one_line(match["text"])
        for match in _ATTRIBUTE.finditer(attributes)
        for name in match["names"].split(",")
    }
    return _as_markdown(said.strip()), meanings


def _one_line(text: str) -> str:
    return _as_markdown(" ".join(text.split()))


def _as_markdown(text: str) -> str:
    return text.replace("``", "`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
