"""The gettext catalogues: all texts of the studies are gathered, merged into each language, and checked.

Messages come from the package's code (``text``, ``say``, ``say_plural``, ``message``), its templates, the notebooks' code and
Markdown, the declarations in ``params/``, the cards of the starter snapshots, and, for a language that they have no labels of,
the code lists.
"""

import ast
import datetime
import io
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from workbench.data.snapshots import Card
from workbench.declarations.codelists import every_code
from workbench.declarations.datasets import read_dataset
from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.declarations.site import read_site_declaration
from workbench.declarations.studies import read_sidecar
from workbench.declarations.yaml_files import read_yaml
from workbench.model.paths import STARTER_SNAPSHOTS, Project, write_whole
from workbench.presentation.markdown import messages as markdown_messages
from workbench.presentation.wording import SOURCE_LANGUAGE, catalogue_file, languages, own_label

_PACKAGE = Path(__file__).parents[1]
_MARKERS = {"text": 1, "say": 1, "message": 1, "say_plural": 2, "plural": 2}
_WITH_NAMED_TEXTS = {"say_change", "say_largest"}
_IN_TEMPLATE = re.compile(r'\btext\("([^"]+)"\)')
# A fixed day: a catalogue changes with its messages, not with the clock.
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

Located = tuple[str | tuple[str, str], str]


def template(project: Project, language: str) -> Catalog:
    """All messages of the project that a language needs, each with the files it stands in."""
    catalogue = Catalog(project="migration-workbench", creation_date=_EPOCH, revision_date=_EPOCH)
    texts = (_of_code(), _of_templates(), _of_notebooks(project), _of_declarations(project), _of_cards())
    for message, file in chain(*texts, _of_code_lists(language)):
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def gathered(project: Project, language: str) -> set[str]:
    """The messages that a language needs; of one with a plural, the singular."""
    return {identity if isinstance(identity, str) else identity[0] for identity in _by_id(template(project, language))}


def update(project: Project) -> list[str]:
    """Merge new messages into the catalogue of each language and drop those that are gone.

    Returns
    -------
    list of str
        What is left to translate.
    """
    for language in _translated_languages():
        catalogue = _read(language)
        catalogue.update(template(project, language), no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        catalogue.creation_date = catalogue.revision_date = _EPOCH
        write_whole(catalogue_file(language), _written(catalogue))
    return check(project)


def check(project: Project) -> list[str]:
    """Name each message that a catalogue lacks, leaves untranslated, no longer needs, or bends out of shape."""
    return [
        f"{language}: {problem}"
        for language in _translated_languages()
        for problem in _problems(_by_id(template(project, language)), _by_id(_read(language)))
    ]


def _by_id(catalogue: Catalog) -> dict[str | tuple[str, str], Message]:
    return {message.id: message for message in catalogue if message.id}


def _problems(gathered: dict, translated: dict[str, Message]) -> Iterator[str]:
    for identity, message in gathered.items():
        shown = identity if isinstance(identity, str) else identity[0]
        where = ", ".join(sorted({file for file, _ in message.locations}))
        own = translated.get(identity)
        forms = [] if own is None else [own.string] if isinstance(own.string, str) else list(own.string)
        if not forms or not all(forms) or own.fuzzy:
            yield f"untranslated: {shown!r} ({where})"
        elif any(_fields(form) - _fields(shown) for form in forms):
            yield f"names what the message does not: {shown!r}"
    for identity in translated.keys() - gathered.keys():
        yield f"stale: {identity!r}"


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _of_code() -> Iterator[Located]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        where = path.relative_to(_PACKAGE.parent).as_posix()
        for message in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            yield message, where


def _marked(code: ast.Module) -> Iterator[str | tuple[str, str]]:
    """The literal texts that are given to one of the marking functions."""
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        if name in _WITH_NAMED_TEXTS:
            yield from (text for argument in node.keywords for text in _texts(argument.value))
        wanted = _MARKERS.get(name)
        if wanted == 2 and len(node.args) >= 2 and all(_is_text(argument) for argument in node.args[:2]):
            yield node.args[0].value, node.args[1].value
        elif wanted == 1 and node.args:
            yield from _texts(node.args[0])


def _texts(node: ast.expr) -> Iterator[str]:
    """The literal text that an argument is, or the two that it chooses between."""
    choices = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    yield from (choice.value for choice in choices if _is_text(choice))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _of_templates() -> Iterator[Located]:
    for path in sorted(_PACKAGE.rglob("*.j2")):
        for message in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield message, path.relative_to(_PACKAGE.parent).as_posix()


def _of_notebooks(project: Project) -> Iterator[Located]:
    for path in sorted(project.notebooks.glob("*.ipynb")):
        for cell in read_notebook(path)["cells"]:
            source = cell["source"]
            found = markdown_messages(source) if cell["cell_type"] == "markdown" else _marked(parsed_code(path, cell))
            for message in found:
                yield message, f"notebooks/{path.name}"


def _of_declarations(project: Project) -> Iterator[Located]:
    params = project.params
    for path in sorted((params / "studies").glob("*.yaml")):
        sidecar = read_sidecar(project, path.stem)
        yield from ((text, f"params/studies/{path.name}") for text in (sidecar.title, sidecar.topic, sidecar.summary))
    for path in sorted((params / "editions").glob("*.yaml")):
        edition = read_edition(project, int(path.stem))
        yield from ((text, f"params/editions/{path.name}") for text in (edition.title, edition.publisher))
    for path in sorted((params / "datasets").glob("*.yaml")):
        dataset = read_dataset(project, path.stem)
        texts = [dataset.title, dataset.definition, *(note.text for note in dataset.notes)]
        yield from ((text, f"params/datasets/{path.name}") for text in texts)
    site = read_site_declaration(project)
    yield from ((text, "params/site.yaml") for text in (site.title, site.description, site.publisher))
    indicators = read_indicators(project)
    for declared in (*indicators.indicators.values(), *indicators.derivations.values()):
        texts = (declared.label, declared.unit, declared.definition, declared.reference)
        yield from ((text, "params/indicators.yaml") for text in texts)


def _of_cards() -> Iterator[Located]:
    for path in sorted(STARTER_SNAPSHOTS.glob("*/*/*.yaml")):
        card = read_yaml(path, Card)
        where = path.relative_to(_PACKAGE.parent).as_posix()
        # A bare date needs no translator.
        retrieved = () if re.fullmatch(r"[\d-]+", card.retrieved) else (card.retrieved,)
        texts = (card.licence, *retrieved, *((card.omitted,) if card.omitted else ()), *card.caveats)
        yield from ((text, where) for text in texts)


def _of_code_lists(language: str) -> Iterator[Located]:
    """The English labels and footnotes of codes that have none in the language."""
    for name, code in every_code():
        label = "" if own_label(code, language) else code.label("en")
        footnote = "" if (language, "footnote") in code.forms else code.footnote("en")
        yield from ((text, f"workbench/declarations/codelists/{name}.csv") for text in (label, footnote) if text)


def _translated_languages() -> list[str]:
    return [language for language in languages() if language != SOURCE_LANGUAGE]


def _read(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def _written(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=False, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()
