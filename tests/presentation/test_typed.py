"""What somebody typed is shown with its paragraphs, lists and addresses, escaped, and in its language."""

import pytest

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.presentation.typed import typed_html
from workbench.presentation.wording import Wording

ENGLISH = Wording("en", read_indicators(Project(ROOT)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\nline.\n\nAnother.", "<p>One line.</p>\n<p>Another.</p>"),
        (
            "Two:\n- one\n  goes on\n- other\n\nEnd.",
            "<p>Two:</p>\n<ul><li>one goes on</li><li>other</li></ul>\n<p>End.</p>",
        ),
        ("a <b> & c", "<p>a &lt;b&gt; &amp; c</p>"),
        (
            "See https://example.org/a?b=1&c=2.",
            '<p>See <a href="https://example.org/a?b=1&amp;c=2" rel="noopener">https://example.org/a?b=1&amp;c=2</a>.</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("5 - 3 - 1", "<p>5 - 3 - 1</p>"),
    ],
)
def test_a_text_keeps_its_form(text, html):
    assert typed_html(ENGLISH, {"en": text}) == html


def test_a_text_in_another_language_says_so_at_its_end():
    assert typed_html(ENGLISH, {"de": "Eins.\n\n- zwei"}) == (
        '<p lang="de">Eins.</p>\n<ul lang="de"><li>zwei <span class="flag">(Deutsch)</span></li></ul>'
    )
