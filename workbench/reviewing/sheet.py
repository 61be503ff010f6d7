"""The review sheet of a study: one HTML file that a reviewer opens without installing anything, and saves a file of comments from."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from msgspec import to_builtins

from workbench.declarations.indicators import read_indicators
from workbench.declarations.reviews import CONTEXT, Kind, Verdict
from workbench.declarations.site import read_site_declaration
from workbench.model.record import About
from workbench.model.types import Result
from workbench.page.numbers import PLACE, compact
from workbench.presentation.data_block import as_json
from workbench.presentation.figure import words_of_figures
from workbench.presentation.reviews import KINDS, VERDICTS
from workbench.presentation.sentences import number_html, sources_of
from workbench.presentation.tables import flag_lines
from workbench.presentation.wording import Wording
from workbench.reviewing.html import review_html, sheet_script
from workbench.reviewing.items import Item, items_of, result_anchor, result_name, result_quote
from workbench.reviewing.rendered import RenderedStudy

_MOTIVATIONS = {
    Kind.QUESTION: "questioning",
    Kind.SUGGESTION: "editing",
    Kind.BLOCKING: "editing",
    Kind.APPROVE: "assessing",
}
"""The words of the Web Annotation vocabulary for what a comment is made for."""


def sheet_html(study: RenderedStudy, language: str, reviewer: str) -> str:
    """The sheet of a study in a language; without the name of a reviewer, it asks for one.

    The same record gives the same bytes.
    """
    wording = Wording(language, read_indicators(study.project))
    about, items = study.about(wording), items_of(study.recorded, wording)
    page = review_html(
        "sheet.html.j2",
        wording,
        sheet_script(),
        study=about,
        parts=[[_shown(item, wording, about) for item in items if item.is_of_method is part] for part in (False, True)],
        kinds=[(kind.value, wording.text(word)) for kind, word in KINDS.items()],
        verdicts=[(verdict.value, wording.text(word)) for verdict, word in VERDICTS.items()],
        reviewer=reviewer,
        data=Markup(as_json(_data(study, wording))),
        words_of_figures=Markup(words_of_figures(wording)),
        numbers=Markup(PLACE),
    )
    return compact(page, study.recorded.record.results, wording)


def _shown(item: Item, wording: Wording, about: About) -> dict[str, Any]:
    return {
        "anchor": item.anchor,
        "quote": item.quote,
        "html": Markup(item.html()),
        "checks": [_check(result, wording, about) for result in item.results],
    }


def _check(result: Result, wording: Wording, about: About) -> dict[str, Any]:
    """What stands behind a number: its bounds, its flags, and where it comes from."""
    return {
        "what": result_name(wording, result),
        "number": Markup(number_html(wording, result, wording.value(result))),
        "bounds": wording.interval(result),
        "flags": flag_lines(wording, [result]),
        "sources": list(zip(sources_of(wording, result), _addresses(result, about))),
    }


def _addresses(result: Result, about: About) -> Iterable[tuple[str, str]]:
    """The provider of each dataset of a number, and its page of it; empty where there is none."""
    for dataset, vintage in result.sources:
        known = [one for one in about.sources if (one.dataset, one.vintage) == (dataset, vintage)]
        yield (known[0].provider, known[0].url or "") if known else ("", "")


def _data(study: RenderedStudy, wording: Wording) -> dict[str, Any]:
    """What the script of the sheet knows of the study, and the words that it says."""
    reviewed = study.reviewed_in(wording.language)
    page = f"{study.edition}/{study.country}/{study.study}.{wording.language}.html"
    return {
        "context": CONTEXT,
        "reviewed": to_builtins(reviewed),
        "source": read_site_declaration(study.project).url(page),
        "motivations": _MOTIVATIONS,
        "kinds": {kind: wording.text(word) for kind, word in KINDS.items()},
        "approval": Kind.APPROVE,
        "blocking": Kind.BLOCKING,
        "refused": Verdict.NOT_APPROVED,
        "quotes": {result_anchor(one): result_quote(wording, one) for one in study.recorded.record.results},
        "words": _words(wording),
    }


def _words(wording: Wording) -> dict[str, str]:
    text = wording.text
    return {
        "about": text("On this number"),
        "edit": text("Edit"),
        "remove": text("Delete"),
        "not_kept": text(
            "This browser keeps nothing of this page when it is closed: save the file before you close it."
        ),
        "none": text("No comments yet"),
        "count": text("Comments: {count}"),
        "blocking": text("must be changed: {count}"),
        "unsaved": text("not saved to a file yet"),
        "saved": text("saved to a file"),
        "no_words": text("Write what you mean."),
        "no_reviewer": text("Write for which institution, or in which role, you review; no e-mail address."),
        "no_verdict": text("Choose what you say of the study as a whole."),
        "no_reason": text(
            "Not approved: mark at least one comment as “Must be changed”, so that the editors know what."
        ),
        "other_file": text("This file is not of this sheet: it is of another study, or of another state of it."),
        "opened": text("Comments of the file: {count}"),
        "done": text("Saved as {file}. Send this file to whoever sent you the sheet."),
    }
