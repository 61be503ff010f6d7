"""Texts of a study that its language's catalogue does not translate: they would stand in English on its page."""

from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation import messages

_AT_MOST = 5


def untranslated_texts(project: Project, run: Run, asked: set[str]) -> FailedRun | None:
    """Why no edition publishes a run, of the texts that it asked a catalogue for in vain; none, if there is no reason.

    What ``workbench messages`` does not gather, such as the caveats of a snapshot of one's own, no catalogue can translate.
    """
    in_words = {text for text in asked if any(map(str.isalpha, text))}
    # Few runs ask in vain; only they wait until all texts are gathered.
    lacking = sorted(in_words & messages.needed(project, run.language)) if in_words else []
    if not lacking:
        return None
    more = [f"and {len(lacking) - _AT_MOST} more"] if len(lacking) > _AT_MOST else []
    return FailedRun(
        f"{run}: {len(lacking)} of its texts are not translated",
        where=f"catalogue of the language {run.language}",
        found="; ".join([*map(repr, lacking[:_AT_MOST]), *more]),
        unchanged="no edition holds it",
        hint="workbench messages, and translate what it lists",
    )
