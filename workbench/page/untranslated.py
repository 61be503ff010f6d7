"""Texts of a study that are not translated: they would be in English on its page."""

from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation import messages

_AT_MOST = 5


def untranslated_texts(project: Project, run: Run, language: str, missed: set[str]) -> FailedRun | None:
    """The reason why no edition publishes a run some of whose texts had no translation; None if there is no such text.

    Texts that ``workbench messages`` does not collect, such as the caveats of a researcher's own snapshot, cannot be
    translated and do not count.
    """
    in_words = {text for text in missed if any(map(str.isalpha, text))}
    # Collecting all texts takes long, and few runs miss a translation.
    missing = sorted(in_words & messages.needed(project, language)) if in_words else []
    if not missing:
        return None
    more = [f"and {len(missing) - _AT_MOST} more"] if len(missing) > _AT_MOST else []
    return FailedRun(
        f"{run} {language}: {len(missing)} of its texts are not translated",
        where=f"translations into the language {language}",
        found="; ".join([*map(repr, missing[:_AT_MOST]), *more]),
        unchanged="no edition includes it",
        hint="run workbench messages, and translate what it lists",
    )
