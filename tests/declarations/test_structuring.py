"""What does not fit a model is named by its keys, with what is expected there and what was found."""

import copy
import datetime
from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, field

from workbench.declarations.models import Checked, DatasetName, Declaration, Read, Unfit, Vintage, Words
from workbench.declarations.structuring import structured


def check_even(number: int) -> None:
    if number % 2:
        raise Unfit("an even number")


class Leaf(Declaration):
    begins: datetime.date = field(name="from")
    mark: Literal["."] | None = None
    size: Annotated[int, Meta(ge=0), Checked(check_even)] = 0


class Tree(Declaration):
    leaves: dict[DatasetName, tuple[Leaf, ...]]
    pair: tuple[DatasetName, int]
    vintages: dict[
        DatasetName, Annotated[tuple[Vintage, ...], Read(lambda said: said if isinstance(said, list) else [said])]
    ] = {}
    years: dict[Annotated[str, Read(str)], Words] = {}
    part: "Tree | None" = None

    def __post_init__(self) -> None:
        if set(self.vintages) - set(self.leaves):
            raise Unfit("vintages of the leaves", key=("vintages",))


PLAIN = """
leaves:
  one: [{from: 2022-02-24, size: 2}, {from: 2022-03-01, mark: "."}]
  two: []
pair: [a, 1]
vintages: {one: 2026-11-24}
years: {2022: said}
part: {leaves: {}, pair: [b, 2]}
"""


def test_what_fits_is_read_as_its_types_want_it():
    tree = structured(yaml.safe_load(PLAIN), Tree)
    assert tree.leaves["one"] == (
        Leaf(begins=datetime.date(2022, 2, 24), size=2),
        Leaf(begins=datetime.date(2022, 3, 1), mark="."),
    )
    assert (tree.vintages, tree.years, tree.part.pair) == ({"one": ("2026-11-24",)}, {"2022": "said"}, ("b", 2))
    with pytest.raises(AttributeError):
        tree.pair = ("c", 3)


@pytest.mark.parametrize(
    ("said", "by", "key", "expected", "found"),
    [
        ("size: 2", "size: 3", "leaves.one.0.size", "an even number", "3"),
        ("size: 2", "size: -2", "leaves.one.0.size", "a whole number >= 0", "-2"),
        ("size: 2", "size: '2'", "leaves.one.0.size", "a whole number", "'2'"),
        ("size: 2", "size: true", "leaves.one.0.size", "a whole number", "True"),
        ('mark: "."', "mark: ';'", "leaves.one.1.mark", "one of .", "';'"),
        ("from: 2022-03-01", "from: soon", "leaves.one.1.from", "a day, such as 2022-02-24", "'soon'"),
        ("from: 2022-03-01, ", "", "leaves.one.1.from", "the key from", "the keys mark"),
        ("from: 2022-03-01", "form: 2022-03-01", "leaves.one.1.form", "one of from, mark, size", "unknown key leaves.one.1.form"),
        ("two: []", "Two: []", "leaves.Two", "a name of a dataset: ", "'Two'"),
        ("two: []", "two: {}", "leaves.two", "a list", "{}"),
        ("pair: [a, 1]", "pair: [a]", "pair", "a list of length 2", "['a']"),
        ("pair: [a, 1]", "pair: [1, 1]", "pair.0", "text", "1"),
        ("pair: [a, 1]", "pair: [A, 1]", "pair.0", "a name of a dataset: ", "'A'"),
        ("one: 2026-11-24", "one: 2026-13-45", "vintages.one.0", "a name of a vintage: ", "'2026-13-45'"),
        ("one: 2026-11-24", "three: 2026-11-24", "vintages", "vintages of the leaves", "the keys leaves, pair, vintages, years, part"),
        ("2022: said", "2022: ''", "years.2022", "text that is not empty", "''"),
        ("2022: said", "2022: said, '2022': again", "years", "each key once", "the keys 2022, 2022"),
        ("part: {leaves: {}, pair: [b, 2]}", "part: {leaves: {}, pair: [b, b]}", "part.pair.1", "a whole number", "'b'"),
        ("part: {leaves: {}, pair: [b, 2]}", "part: 3", "part", "a mapping of keys", "3"),
        ("part: {leaves: {}, pair: [b, 2]}", "part: &it {leaves: {}, pair: [b, 2], part: *it}", "", "nothing that holds itself", "an alias"),
    ],
)  # fmt: skip
def test_a_part_that_does_not_fit_is_named(said, by, key, expected, found):
    assert said in PLAIN
    with pytest.raises(Unfit) as refused:
        structured(yaml.load(PLAIN.replace(said, by), yaml.BaseLoader if "13-45" in by else yaml.SafeLoader), Tree)
    assert ".".join(refused.value.key) == key
    assert refused.value.expected.startswith(expected) and refused.value.found.startswith(found)


class Shelf(Declaration):
    books: dict[str, tuple[dict[str, int], ...]]


BOOKS = st.dictionaries(
    st.text(min_size=1),
    st.lists(st.dictionaries(st.text(min_size=1), st.integers(), min_size=1), min_size=1),
    min_size=1,
)


@given(BOOKS, st.data())
def test_whichever_part_is_spoiled_its_keys_are_named(books, data):
    assert structured({"books": books}, Shelf).books == {name: tuple(pages) for name, pages in books.items()}
    name = data.draw(st.sampled_from(sorted(books)))
    place = data.draw(st.integers(0, len(books[name]) - 1))
    page = data.draw(st.sampled_from(sorted(books[name][place])))
    spoiled = copy.deepcopy(books)
    spoiled[name][place][page] = "spoiled"
    with pytest.raises(Unfit) as refused:
        structured({"books": spoiled}, Shelf)
    assert refused.value.key == ("books", name, str(place), page)
    assert (refused.value.expected, refused.value.found) == ("a whole number", "'spoiled'")
