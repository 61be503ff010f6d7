"""The gettext catalogues: all messages of the studies are extracted, merged into each language, and checked.

Messages come from the package's code and templates, the notebooks' code and Markdown, the declarations in ``params/``, the
cards of the starter snapshots, and, for a language that they have no labels of, the code lists and the events.
"""

import datetime
import io
from collections.abc import Iterator
from itertools import chain
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from workbench.declarations.codelists import every_code
from workbench.declarations.events import read_events
from workbench.model.paths import Project, write_whole
from workbench.presentation.extraction import extracted
from workbench.presentation.wording import SOURCE_LANGUAGE, catalogue_file, languages, own_label

# A fixed day: a catalogue changes with its messages, not with the clock.
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

_FOLDER = "workbench/presentation/locale"

MessageId = str | tuple[str, ...]
"""What a message is known by: itself; or, where it has a plural, both."""


def template(project: Project, language: str) -> Catalog:
    """All messages of the project that a language needs, each with the files that it is in."""
    catalogue = Catalog(project="migration-workbench", creation_date=_EPOCH, revision_date=_EPOCH)
    for message, file in chain(extracted(project), _of_code_lists(language), _of_events(project, language)):
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def needed(project: Project, language: str) -> set[str]:
    """The messages that a language needs; of one with a plural, the singular."""
    return set(map(_singular, _by_id(template(project, language))))


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
    """Name each message that a catalogue lacks, leaves untranslated, no longer needs, or bends out of shape; of a language most of
    which is untranslated, only how many are."""
    return [
        f"{language}: {problem}" for language in _translated_languages() for problem in _problems(project, language)
    ]


def _by_id(catalogue: Catalog) -> dict[MessageId, Message]:
    return {_identity(message): message for message in catalogue if message.id}


def _identity(message: Message) -> MessageId:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _singular(identity: MessageId) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _problems(project: Project, language: str) -> Iterator[str]:
    needed, there = _by_id(template(project, language)), _by_id(_read(language))
    translated = {identity: _forms(there[identity]) for identity in needed if identity in there}
    untranslated = [message for identity, message in needed.items() if not translated.get(identity)]
    if len(untranslated) > len(needed) / 2:
        file = catalogue_file(language)
        where = f"{_FOLDER}/{file.relative_to(file.parents[2]).as_posix()}"
        yield f"untranslated: {len(untranslated):,} of {len(needed):,} texts; see {where}"
    else:
        yield from (f"untranslated: {_singular(_identity(one))!r} ({_files(one)})" for one in untranslated)
    for identity, forms in translated.items():
        shown = _singular(identity)
        if any(_fields(form) - _fields(shown) for form in forms):
            yield f"names what the message does not: {shown!r}"
    yield from (f"stale: {identity!r}" for identity in there.keys() - needed.keys())


def _files(message: Message) -> str:
    return ", ".join(sorted({file for file, _ in message.locations}))


def _forms(message: Message) -> list[str]:
    """The translations of a message, one for each form of the plural; none where one lacks, or is in doubt."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return forms if all(forms) and not message.fuzzy else []


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _of_code_lists(language: str) -> Iterator[tuple[str, str]]:
    """The English labels and footnotes of codes that have none in the language."""
    for name, code in every_code():
        label = "" if own_label(code, language) else code.label("en")
        footnote = "" if (language, "footnote") in code.forms else code.footnote("en")
        yield from ((text, f"workbench/declarations/codelists/{name}.csv") for text in (label, footnote) if text)


def _of_events(project: Project, language: str) -> Iterator[tuple[str, str]]:
    """The English names of events that have none in the language, and the titles of the texts that say so."""
    for event in read_events(project).all:
        for name in (dict(event.labels), dict(event.subjects)):
            if language not in name:
                yield name[SOURCE_LANGUAGE], "params/events.yaml"
        yield event.source.title, "params/events.yaml"


def _translated_languages() -> list[str]:
    return [language for language in languages() if language != SOURCE_LANGUAGE]


def _read(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def _written(catalogue: Catalog) -> bytes:
    # Unwrapped, so that a change of a message is a change of its lines alone.
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=False, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()
