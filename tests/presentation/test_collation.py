"""The order of labels: that of the reader's alphabet, as CLDR has it, and a total one."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.presentation.collation import ALPHABET, sort_key
from workbench.presentation.wording import Wording

INDICATORS = read_indicators(Project(ROOT))
EN, LT = Wording("en", INDICATORS), Wording("lt", INDICATORS)
CZECH = "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž"
GREEK = "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω"
LETTERS = "aąbcčdeęėfghiįyjklmnoprsštuųūvzžqwxéöABCČYIŽ"
texts = st.text(alphabet=LETTERS + "0127 -'’*", max_size=8) | st.text(max_size=8)

# Written down by hand, from the tailoring of CLDR's root order for lt: č, š and ž are letters after c, s and z; y stands
# with i; a vowel with a tail, dot or macron differs from the plain one only where nothing else does.
LITHUANIAN = [
    ["Cypra", "Czanas", "Čadas", "Čekija", "Čilė", "Danija"],
    ["Ira", "Įra", "Yra", "Iša", "Yža", "Jordanija"],
    ["Suomija", "Svazilandas", "Šiaurės Korėja", "Šveicarija", "Tailandas"],
    ["Zambija", "Zuikis", "Žaliasis Kyšulys", "Žemės"],
    ["e", "ę", "ė", "Edas", "Ėdas", "Edasas", "Ežys", "fėja"],
    ["u", "ų", "ū", "Uganda", "Ūla", "Urugvajus"],
    ["papa", "qatar", "Roma", "vanas", "wales", "xenia", "zebras"],
    ["Peru", "Réunion", "Rumunija"],
    ["10", "ES-15", "ES-27", "Estija"],
]


@pytest.mark.parametrize("ordered", LITHUANIAN, ids=lambda ordered: ordered[0])
def test_lithuanian_order(ordered):
    assert all(LT.sort_key(before) < LT.sort_key(after) for before, after in pairwise(ordered))


@pytest.mark.parametrize(
    ("alphabet", "ordered"),
    [
        (
            ALPHABET,
            ["Åland", "Albania", "Côte d'Ivoire", "Croatia", "Czechia", "Réunion", "Romania", "São Tomé", "Spain"],
        ),
        (ALPHABET, ["Guinea", "Guinea-Bissau", "Guinea Conakry", "Guineas"]),
        (ALPHABET, ["US", "us too", "ustoo", "Us Too"]),
        (CZECH, ["Cuba", "Cypr", "Čad", "Čína", "Finsko", "Honduras", "Chile", "Chorvatsko", "Indie"]),
        (GREEK, ["Άγκυρα", "Αγορά", "Ελλάδα", "Έλλη", "Κίνα", "Κύπρος", "EU"]),
    ],
)
def test_order_of_other_alphabets(alphabet, ordered):
    assert all(sort_key(before, alphabet) < sort_key(after, alphabet) for before, after in pairwise(ordered))


def test_lower_case_comes_first_where_nothing_else_differs():
    assert sorted(["LT", "Lt", "lt", "lT"], key=EN.sort_key) == ["lt", "lT", "Lt", "LT"]


def test_countries_in_lithuanian():
    names = [LT.label("geo", code) for code in ("CH", "CZ", "FI", "CY", "TD", "ZM", "CV")]
    assert sorted(names, key=LT.sort_key) == [
        "Čadas", "Čekija", "Kipras", "Suomija", "Šveicarija", "Zambija", "Žaliasis Kyšulys",
    ]  # fmt: skip


@given(texts, texts)
@example("a", "á")
def test_the_order_is_total(one, other):
    for wording in (EN, LT):
        first, second = wording.sort_key(one), wording.sort_key(other)
        assert (first < second) + (second < first) == (one != other)


@given(st.lists(texts), st.randoms())
def test_the_order_does_not_depend_on_the_order_before(labels, random):
    shuffled = random.sample(labels, len(labels))
    assert sorted(labels, key=LT.sort_key) == sorted(shuffled, key=LT.sort_key)


@given(st.lists(st.text(alphabet=st.characters(codec="ascii", categories=["Lu", "Ll"]))))
def test_english_order_of_plain_letters_is_that_of_ascii(words):
    ordered = sorted(words, key=EN.sort_key)
    assert [word.casefold() for word in ordered] == sorted(word.casefold() for word in words)


@given(st.text(alphabet=LETTERS), st.text(alphabet=LETTERS), st.sampled_from([" ", "-", "'", "’", "*"]))
def test_blanks_hyphens_and_quotes_do_not_part_words(before, after, sign):
    assert LT.sort_key(before + sign + after)[:3] == LT.sort_key(before + after)[:3]
