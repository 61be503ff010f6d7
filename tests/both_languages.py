"""What a sentence says to readers of either language: for tests that read what a study says."""

from collections.abc import Mapping

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.model.sentence import Bound, Sentence
from workbench.presentation.sentences import Worded, sentence, worded
from workbench.presentation.wording import Wording

WORDINGS = {language: Wording(language, read_indicators(Project(ROOT))) for language in ("en", "lt")}
EN, LT = WORDINGS.values()


def said(wording: Wording, message: str, bound: Mapping[str, Bound], plural: str = "") -> Worded:
    """A message, bound and worded."""
    return worded(wording, sentence(message, bound, plural))


def text_of(sentence: Sentence, wording: Wording = EN) -> str:
    """What a sentence says, without markup."""
    return worded(wording, sentence).text
