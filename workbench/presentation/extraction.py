"""How messages are extracted: Babel's methods for code and templates, and by its interface one for notebooks, one for YAML."""

import ast
import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_from_dir, extract_python

from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.declarations.yaml_files import read_mapping
from workbench.model.paths import Project
from workbench.presentation.markdown import messages as markdown_messages

KEYWORDS = {"text": None, "say": None, "message": None, "say_plural": (1, 2), "plural": (1, 2)}
"""The functions that mark a message: their first argument, or that and the plural."""

_KEYWORDS_OF_NAMED = ("say_change", "say_largest")
"""The functions whose named arguments are messages, where they are text: Babel knows none of this kind."""

Extracted = Iterator[tuple[Any, ...]]
"""What a method of Babel's finds: line, function, message or messages, comments."""

_PACKAGE = Path(__file__).parents[1]
_DAY = re.compile(r"[\d-]+")
_MARKS = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})[\s\\]*\(".encode())


def extracted(project: Project) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Each message of the package and of the project, with the file that it is in."""
    folders = (
        ("workbench", _PACKAGE, _OF_PACKAGE),
        ("notebooks", project.notebooks, _OF_NOTEBOOKS),
        ("params", project.params, _OF_PARAMS),
    )
    for name, folder, methods in folders:
        for file, _, message, *_ in extract_from_dir(folder, methods, _OPTIONS, KEYWORDS):
            yield message, f"{name}/{Path(file).as_posix()}"


def extract_code(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Extracted:
    """The messages that Python code marks. Babel reads it token by token, which takes long: only where something is marked."""
    if _MARKS.search(fileobj.read()):
        fileobj.seek(0)
        yield from extract_python(fileobj, dict.fromkeys(keywords), comment_tags, {})


def extract_notebook(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Extracted:
    """The messages of a notebook: what its code marks, and its Markdown block by block."""
    path = Path(fileobj.name)
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown":
            yield from ((1, None, message, []) for message in markdown_messages(cell["source"]))
        elif cell["cell_type"] == "code":
            # Parsed first: Babel does not know IPython's ``%`` and ``!``.
            code = parsed_code(path, cell)
            source = io.BytesIO(ast.unparse(code).encode())
            yield from extract_code(source, keywords, comment_tags, {})
            yield from ((1, None, text, []) for text in _named_texts(code))


def put_together(code: ast.Module) -> Iterator[ast.expr]:
    """What is given in place of a text to the functions that mark messages, and is put together when it runs: no catalogue
    can have it."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in KEYWORDS and _is_put_together(node.args[0]):
                yield node.args[0]


def _is_put_together(given: ast.expr) -> bool:
    """Whether it is an f-string, a sum or a text that is formatted."""
    match given:
        case ast.JoinedStr() | ast.BinOp(left=ast.Constant(value=str()) | ast.JoinedStr()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format" | "join")):
            return True
    return False


def marked_texts(call: ast.Call) -> Iterator[tuple[int, str, bool]]:
    """The texts that readers see, as a call gives them to a function that marks messages: line, text, and whether it is a
    plural, which is translated with its singular."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    most = len(KEYWORDS[name] or (1,)) if name in KEYWORDS else 0
    marked = [(given, position > 0) for position, given in enumerate(call.args[:most])]
    if name in _KEYWORDS_OF_NAMED:
        marked += [(argument.value, False) for argument in call.keywords]
    yield from ((text.lineno, text.value, plural) for given, plural in marked for text in _chosen(given))


def _named_texts(code: ast.Module) -> Iterator[str]:
    """The texts that are given by name to a function whose named arguments are messages."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) in _KEYWORDS_OF_NAMED:
            yield from (text.value for argument in node.keywords for text in _chosen(argument.value))


def _chosen(given: ast.expr) -> Iterator[Any]:
    """A text that is given; one of two may be chosen between."""
    choices = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
    yield from (one for one in choices if isinstance(one, ast.Constant) and isinstance(one.value, str))


def extract_yaml(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Extracted:
    """The texts that stand in a YAML file under the option ``keys``, except bare days, which need no translator."""
    said = read_mapping(Path(fileobj.name))
    yield from ((1, None, text, []) for text in _texts(said, options["keys"].split()) if not _DAY.fullmatch(text))


def _texts(said: object, keys: Collection[str], key: str = "") -> Iterator[str]:
    match said:
        case dict():
            for name, value in said.items():
                yield from _texts(value, keys, name)
        case list():
            for item in said:
                yield from _texts(item, keys, key)
        case str() if said and key in keys:
            yield said


# The methods are named as Babel's configuration files would name them.
_CODE, _NOTEBOOK, _YAML = (f"{__name__}:extract_{kind}" for kind in ("code", "notebook", "yaml"))
_OF_PACKAGE = [("**.py", _CODE), ("**.j2", "jinja2.ext:babel_extract"), ("data/starter/**.yaml", _YAML)]
_OF_NOTEBOOKS = [("*.ipynb", _NOTEBOOK)]
_OF_PARAMS = [
    (file, _YAML)
    for file in (
        "studies/*.yaml", "editions/*.yaml", "datasets/*.yaml", "collections/*.yaml", "activities/*.yaml",
        "site.yaml", "indicators.yaml",
    )
]  # fmt: skip
_OPTIONS = {
    "**.j2": {"silent": "false"},
    "data/starter/**.yaml": {"keys": "licence retrieved omitted caveats text"},
    "studies/*.yaml": {"keys": "title topic summary"},
    "editions/*.yaml": {"keys": "title publisher"},
    "datasets/*.yaml": {"keys": "provider title definition text law"},
    "collections/*.yaml": {"keys": "institution purpose licence name"},
    "activities/*.yaml": {"keys": "licence"},
    "site.yaml": {"keys": "title description publisher"},
    "indicators.yaml": {"keys": "label unit definition reference"},
}
