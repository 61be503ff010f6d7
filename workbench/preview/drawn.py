"""Blocks as they were drawn: one is drawn again only if it, or what words it, has changed."""

from collections.abc import Mapping
from copy import copy
from gettext import NullTranslations
from typing import Any

from workbench.declarations.indicators import Indicators
from workbench.presentation.blocks import Block
from workbench.presentation.wording import Wording

_Asked = tuple[str, tuple[Any, ...]]


class _Noting(NullTranslations):
    """Translations that note what they were asked, and what they answered."""

    def __init__(self, translations: NullTranslations):
        super().__init__()
        self._translations = translations
        self.answers: dict[_Asked, str] = {}

    def gettext(self, message: str) -> str:
        return self._noted("gettext", message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._noted("ngettext", msgid1, msgid2, n)

    def _noted(self, method: str, *asked: Any) -> str:
        answer = getattr(self._translations, method)(*asked)
        self.answers[method, asked] = answer
        return answer


class Drawn:
    """Draws blocks in one language, and keeps those of the last page."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[dict[_Asked, str], str]] = {}
        self._now: dict[str, tuple[dict[_Asked, str], str]] = {}
        self._indicators: Indicators | None = None

    def begin(self, wording: Wording) -> None:
        """Begin a page."""
        self._before = self._now if self._indicators == wording.indicators else {}
        self._now, self._indicators = {}, wording.indicators

    def html(self, block: Block, digest: str, wording: Wording) -> str:
        """The HTML of a block, by the digest of its description."""
        kept = self._before.get(digest)
        if kept is None or not _is_said_so(kept[0], wording.translations):
            own = copy(wording)
            own.translations = noting = _Noting(wording.translations)
            kept = noting.answers, block.html(own)
        self._now[digest] = kept
        return kept[1]


def _is_said_so(answers: Mapping[_Asked, str], translations: NullTranslations) -> bool:
    """Whether translations still answer what they answered; those that lack something note it, as when it was drawn."""
    given = [getattr(translations, method)(*asked) == answer for (method, asked), answer in answers.items()]
    return all(given)
