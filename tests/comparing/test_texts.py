"""What a page says otherwise, word by word, and which of its figures were drawn again. The pages are made up."""

from workbench.comparing.texts import GONE, NEW, REDRAWN, SAME, figure_changes, page_text, text_changes

PAGE = """<!DOCTYPE html><html lang="en"><body><header class="bar"><p>Never compared</p></header><main>
<p class="kicker">Edition 1</p>
<ul class="findings"><li><p class="at-large">{large}</p><p>In 2022, <a>{large}</a> persons came.</p></li></ul>
<figure id="figure-one"><figcaption><span class="headline">How many came</span></figcaption><svg><path d="{path}"/></svg>
<details><table><tr><td>{large}</td></tr></table></details></figure>
{more}
<dl class="definitions"><dt>Persons</dt><dd>All who came.</dd></dl></main></body></html>"""


def page(folder, name, large="905", path="M0", more=""):
    path_of_page = folder / name
    path_of_page.write_text(PAGE.format(large=large, path=path, more=more), encoding="utf-8")
    return page_text(path_of_page)


def test_what_is_said_is_read_without_what_stands_on_every_page_and_the_numbers_of_tables(tmp_path):
    assert page(tmp_path, "a.html").paragraphs == [
        ("finding", "In 2022, 905 persons came."), ("caption", "How many came"), ("definition", "Persons"),
        ("definition", "All who came."),
    ]  # fmt: skip


def test_a_paragraph_that_is_alike_is_compared_word_by_word(tmp_path):
    before, after = page(tmp_path, "a.html"), page(tmp_path, "b.html", large="910")
    (change,) = text_changes(before.paragraphs, after.paragraphs)
    assert change.kind == "finding"
    assert change.words == ((SAME, "In 2022,"), (GONE, "905"), (NEW, "910"), (SAME, "persons came."))
    assert (change.before, change.after) == ("In 2022, 905 persons came.", "In 2022, 910 persons came.")


def test_a_paragraph_that_is_new_or_gone_is_so_as_a_whole(tmp_path):
    before, after = page(tmp_path, "a.html"), page(tmp_path, "b.html", more="<p>A caution.</p>")
    (new,), (gone,) = (list(text_changes(*pair)) for pair in (
        (before.paragraphs, after.paragraphs), (after.paragraphs, before.paragraphs),
    ))  # fmt: skip
    assert (new.words, gone.words) == (((NEW, "A caution."),), ((GONE, "A caution."),))
    assert list(text_changes(after.paragraphs, after.paragraphs)) == []


def test_figures_are_drawn_again_new_or_gone(tmp_path):
    another = '<figure id="figure-two"><figcaption>Another</figcaption><svg/></figure>'
    before, after = page(tmp_path, "a.html", more=another), page(tmp_path, "b.html", path="M1")
    assert [(one.id, one.title, one.state) for one in figure_changes(before, after)] == [
        ("figure-one", "How many came", REDRAWN), ("figure-two", "Another", GONE),
    ]  # fmt: skip
    assert [one.state for one in figure_changes(after, before)] == [REDRAWN, NEW]
    assert list(figure_changes(after, after)) == []
