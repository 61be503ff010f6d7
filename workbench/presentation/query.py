"""The blocks of an ad-hoc query: what was asked, and what Member States answered.

Their texts were typed by people. They are escaped and never translated: where a text lacks in the language of a page, it stands
in the language that it was written in, and the page says so.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from workbench.model.types import message
from workbench.presentation.blocks import Block
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, language_name

Told = Mapping[str, str]
"""A text by the languages that it was written in."""

STATES = {"open": message("Open"), "answered": message("Answered"), "closed": message("Closed")}
DISSEMINATION = {
    "wider": message("For wider dissemination"),
    "restricted": message("Restricted to the European Migration Network: not for wider dissemination"),
}


@dataclass(frozen=True)
class AskedQuery(Block):
    """What was asked: by whom and until when, the background, and the questions, numbered.

    Attributes
    ----------
    requested_by : str
        Code of the country.
    requested, deadline : str
        ISO dates.
    state, dissemination : str
        As `workbench.declarations.queries.Query` has them.
    translated_into : tuple of str
        Languages that the texts of the notebook are translated into.
    """

    requested_by: str
    requested: str
    deadline: str
    state: str
    dissemination: str
    background: Told
    questions: tuple[Told, ...]
    translated_into: tuple[str, ...]

    def html(self, wording: Wording) -> str:
        facts = {
            wording.text("Requested by"): wording.label("geo", self.requested_by),
            wording.text("Requested on"): _day(wording, self.requested),
            wording.text("Answers due by"): _day(wording, self.deadline),
            wording.text("State"): wording.text(STATES[self.state]),
            wording.text("Dissemination"): wording.text(DISSEMINATION[self.dissemination]),
        }
        listed = "\n".join(f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts.items())
        heading = escape(wording.text("Questions"))  # no text is extracted from within another
        questions = "\n".join(f"<li>{paragraphs_html(wording, question)}</li>" for question in self.questions)
        return "\n".join(
            filter(
                None,
                [
                    f'<dl class="facts">\n{listed}\n</dl>',
                    self._note_html(wording),
                    self._background_html(wording),
                    f"<h3>{heading}</h3>",
                    f'<ol class="questions">\n{questions}\n</ol>',
                ],
            )
        )

    def _background_html(self, wording: Wording) -> str:
        if not self.background:
            return ""
        heading = escape(wording.text("Background"))
        return f"<h3>{heading}</h3>\n{paragraphs_html(wording, self.background)}"

    def _note_html(self, wording: Wording) -> str:
        lacking = [told for told in (self.background, *self.questions) if told and wording.language not in told]
        if not lacking and wording.language in self.translated_into:
            return ""
        said = wording.text("What is not translated stands in the language that it was written in.")
        return f'<p class="legend">{escape(said)}</p>'


@dataclass(frozen=True)
class Answered:
    """What a Member State answered: by the number of the question, in the language that it wrote in.

    Attributes
    ----------
    is_withheld : bool
        Whether it asked that its answer is not disseminated wider: then there is none here.
    """

    country: str
    received: str
    dissemination: str
    language: str
    answers: Mapping[str, str]
    is_withheld: bool


@dataclass(frozen=True)
class MemberAnswers(Block):
    """The answers of Member States: a row for each, with what it answered to each of so many questions."""

    questions: int
    answered: tuple[Answered, ...]

    def html(self, wording: Wording) -> str:
        if not self.answered:
            nobody = wording.text("No Member State has answered yet.")
            return f"<p>{escape(nobody)}</p>"
        heads = [wording.text("Member State"), wording.text("Wider dissemination"), wording.text("Answer")]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
        in_order = sorted(self.answered, key=lambda one: wording.sort_key(wording.label("geo", one.country)))
        rows = "\n".join(self._row_html(wording, one) for one in in_order)
        label = escape(wording.text("Answers by Member State"))
        return (
            f'<div class="answers"><div class="scroll"><table aria-label="{label}">\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n"
            f'<p class="legend">{escape(wording.text(_DISCLAIMER))}</p></div>'
        )

    def _row_html(self, wording: Wording, one: Answered) -> str:
        wider = wording.text("Yes") if one.dissemination == "wider" else wording.text("No")
        name = escape(wording.label("geo", one.country))
        return f'<tr><th scope="row">{name}</th><td>{escape(wider)}</td><td>{self._answer_html(wording, one)}</td></tr>'

    def _answer_html(self, wording: Wording, one: Answered) -> str:
        if one.is_withheld:
            return f"<p>{escape(wording.text(_WITHHELD))}</p>"
        items = (
            f'<li value="{number}">{paragraphs_html(wording, {one.language: one.answers[str(number)]})}</li>'
            for number in range(1, self.questions + 1)
            if str(number) in one.answers
        )
        if listed := "\n".join(items):
            return f"<ol>\n{listed}\n</ol>"
        nothing = wording.text("It has not answered any question.")
        return f"<p>{escape(nothing)}</p>"


_DISCLAIMER = message(
    "Answers were given for the exchange of information among contact points of the European Migration Network, to the best of "
    "their knowledge. They need not represent the official policy of the Member State."
)
_WITHHELD = message(
    "This contact point has answered, and has asked that its answer is not disseminated beyond the network."
)


def paragraphs_html(wording: Wording, told: Told) -> str:
    """A text as its author typed it, a paragraph for each that is set off by an empty line; in which language it is, where
    that is not the language of the page."""
    language = next(one for one in (wording.language, SOURCE_LANGUAGE, *told) if one in told)
    mark = "" if language == wording.language else f' lang="{escape(language)}"'
    note = "" if language == wording.language else f' <span class="flag">({escape(language_name(language))})</span>'
    parts = [part for part in told[language].split("\n\n") if part.strip()]
    return "\n".join(
        f"<p{mark}>{escape(' '.join(part.split()))}{note if place == len(parts) - 1 else ''}</p>"
        for place, part in enumerate(parts)
    )


def _day(wording: Wording, day: str) -> str:
    return wording.date(datetime.date.fromisoformat(day))
