"""The blocks of an ad-hoc query: what was asked, and what Member States answered.

Their texts were typed by people. They are escaped and never translated: where a text lacks in the language of a page, it stands
in the language that it was written in, and the page says so.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from workbench.declarations.queries import COMMISSION
from workbench.model.types import message
from workbench.presentation.blocks import Block
from workbench.presentation.typed import Told, typed_html
from workbench.presentation.wording import Wording

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
        Code of the country, or ``COM``.
    requested, deadline : str
        ISO dates.
    state, dissemination : str
        As `workbench.declarations.queries.Query` has them.
    since : str
        ISO date: the day of the state.
    translated_into : tuple of str
        Languages that the texts of the notebook are translated into.
    """

    requested_by: str
    requested: str
    deadline: str
    state: str
    since: str
    dissemination: str
    background: Told
    questions: tuple[Told, ...]
    translated_into: tuple[str, ...]

    def html(self, wording: Wording) -> str:
        facts = {
            wording.text("Requested by"): self._requester(wording),
            wording.text("Requested on"): _day(wording, self.requested),
            wording.text("Answers due by"): _day(wording, self.deadline),
            wording.text("State"): self._state(wording),
            wording.text("Dissemination"): wording.text(DISSEMINATION[self.dissemination]),
        }
        listed = "\n".join(f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts.items())
        heading = escape(wording.text("Questions"))  # no text is extracted from within another
        questions = "\n".join(f"<li>{typed_html(wording, question)}</li>" for question in self.questions)
        asked = [
            self._note_html(wording),
            self._background_html(wording),
            f"<h3>{heading}</h3>",
            f'<ol class="questions">\n{questions}\n</ol>',
        ]
        text = "\n".join(filter(None, asked))
        return f'<div class="asked"><dl class="facts">\n{listed}\n</dl>\n<div class="text">\n{text}\n</div></div>'

    def _requester(self, wording: Wording) -> str:
        is_commission = self.requested_by == COMMISSION
        return wording.text("European Commission") if is_commission else wording.label("geo", self.requested_by)

    def _state(self, wording: Wording) -> str:
        state = wording.text(STATES[self.state])
        return state if self.state == "open" else f"{state}, {_day(wording, self.since)}"

    def _background_html(self, wording: Wording) -> str:
        if not self.background:
            return ""
        heading = escape(wording.text("Background"))
        return f"<h3>{heading}</h3>\n{typed_html(wording, self.background)}"

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
        heads = [wording.text("Country"), wording.text("Wider dissemination"), wording.text("Answer")]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
        in_order = sorted(self.answered, key=lambda one: wording.sort_key(wording.label("geo", one.country)))
        rows = "\n".join(self._row_html(wording, one) for one in in_order)
        label = escape(wording.text("Answers by Member State"))
        received = wording.text("Answers received: {count}; of these for wider dissemination: {wider}.").format(
            count=wording.number(len(self.answered)),
            wider=wording.number(sum(one.dissemination == "wider" for one in self.answered)),
        )
        return (
            f'<div class="answers"><p>{escape(received)}</p>\n<div class="scroll"><table aria-label="{label}">\n'
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
            f'<li value="{number}">{typed_html(wording, {one.language: one.answers[str(number)]})}</li>'
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


def _day(wording: Wording, day: str) -> str:
    return wording.date(datetime.date.fromisoformat(day))
