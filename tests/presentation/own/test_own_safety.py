"""A drawing from a notebook file is put into a page only if nothing in it acts, loads or leads anywhere."""

import pytest
from matplotlib.figure import Figure

from workbench.presentation.own.figures import drawing, with_alternative
from workbench.presentation.own.safety import safe_svg


@pytest.fixture(scope="module")
def drawn() -> str:
    figure = Figure()
    upper, lower = figure.subplots(2)
    upper.plot([1, 2], label="<a> & b")
    upper.legend()
    lower.imshow([[1, 2]])
    lower.bar([0], [1], hatch="//")
    return drawing(figure, "figure-own")


def test_what_is_drawn_is_safe_with_and_without_its_alternative(drawn):
    assert safe_svg(drawn) and safe_svg(with_alternative(drawn, "<script> & \" ' \\ url(https://example.org/)"))


HOSTILE_ELEMENTS = [
    "<script>alert(1)</script>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<style>* { fill: red }</style>",
    "<animate attributeName='href' to='javascript:alert(1)' />",
    "<set attributeName='onload' to='alert(1)' />",
    "<title>x</title>",
    "<desc>x</desc>",
    "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "<iframe xmlns='http://www.w3.org/1999/xhtml' src='https://example.org/' />",
    '<a xlink:href="https://example.org/">x</a>',
    '<a href="javascript:alert(1)">x</a>',
    '<g onclick="alert(1)" />',
    '<g style="background: url(https://example.org/)" />',
    '<g class="about-number" />',
    '<rect fill="url(https://example.org/#a)" />',
    '<rect fill="u\\72l(https://example.org/#a)" />',
    '<rect fill="image-set(&quot;//example.org/&quot;)" />',
    '<use xlink:href="https://example.org/a.svg#a" />',
    '<use xlink:href="data:image/svg+xml;base64,AAAA" />',
    '<use href="#a" />',
    '<image xlink:href="https://example.org/a.png" />',
    '<image xlink:href="data:image/svg+xml;base64,AAAA" />',
    '<image href="https://example.org/a.png" />',
    "<!-- a comment -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='https://example.org/'?>",
    "<svg />",
    "<g>",
    "&nbsp;",
]


@pytest.mark.parametrize("added", HOSTILE_ELEMENTS)
def test_what_acts_or_loads_is_refused(drawn, added):
    assert not safe_svg(drawn.replace("</svg>", f"{added}</svg>"))


@pytest.mark.parametrize("attribute", ['onload="alert(1)"', 'style="color: red"', 'role="button"', 'tabindex="0"'])
def test_so_is_an_attribute_of_the_whole(drawn, attribute):
    assert not safe_svg(drawn.replace("<svg ", f"<svg {attribute} ", 1))


@pytest.mark.parametrize(
    "text",
    ["", "text", "<p>text</p>", '<svg xmlns="http://www.w3.org/1999/xhtml" />', "<script>alert(1)</script>"],
)
def test_so_is_what_is_no_drawing(text):
    assert not safe_svg(text)


def test_a_document_type_is_refused_before_it_is_read(drawn):
    assert not safe_svg('<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawn)


def test_there_is_one_way_to_write_a_drawing(drawn):
    """What is written otherwise, though it means the same as XML, a browser might read otherwise as HTML."""
    assert not safe_svg(drawn + "\n")
    assert not safe_svg(drawn.replace(" />", "/>", 1))
    assert not safe_svg(drawn.replace('"', "'", 2))
