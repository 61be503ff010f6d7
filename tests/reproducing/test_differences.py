"""What differs between a file as it was archived and as it was made again, and what differs around it."""

import dataclasses
import io
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy
import pytest
import xlsxwriter
from nbformat.v4 import new_code_cell, new_notebook

import workbench.reproducing
from made_up_results import made_up
from workbench.model.errors import RefusedRun
from workbench.model.results_csv import results_csv
from workbench.model.types import Run
from workbench.reproducing import environment
from workbench.reproducing.differences import FORM, NUMBER, PICTURE, TEXT, Difference, differences
from workbench.reproducing.environment import Change, changes, unprintable
from workbench.reproducing.report import lines
from workbench.reproducing.reproduce import CLOSE, DIFFERS, SAME, ReproducedRun, Reproduction
from workbench.reproducing.unpacked import SealedRun, chosen

PAGE = """<html><head><style>p {color: red}</style></head><body><section><h2 id="trend-heading">Trend</h2>
<p>There were <b>905</b> applicants.</p><figure id="figure-trend"><svg><path d="M0 1"/></svg><figcaption>By year</figcaption>
</figure></section><script id="numbers" type="application/json">[905]</script></body></html>"""
"""A page with one of each."""


def csv_of(*values: float) -> bytes:
    return results_csv([made_up(value, str(2020 + year)) for year, value in enumerate(values)]).encode()


def found_in(name: str, archived: bytes | str, now: bytes | str) -> list[Difference]:
    as_bytes = (content.encode() if isinstance(content, str) else content for content in (archived, now))
    return differences(name, *as_bytes)


def test_a_number_is_told_with_what_identifies_it_and_both_values():
    (found,) = found_in("s.results.csv", csv_of(905, 1), csv_of(910, 1))
    assert found.kind == NUMBER and "2020" in found.where
    assert found.archived.startswith("905 ") and found.now.startswith("910 ") and not found.is_close
    (gone,) = found_in("s.results.csv", csv_of(905, 1), csv_of(905))
    assert gone.archived.startswith("1 ") and gone.now == ""


def test_one_in_the_last_of_ten_digits_is_close_and_three_are_not():
    (close,) = found_in("s.results.csv", csv_of(1.000000001), csv_of(1.000000002))
    (not_close,) = found_in("s.results.csv", csv_of(1.000000001), csv_of(1.000000004))
    assert close.is_close and not not_close.is_close


@pytest.mark.parametrize(
    ("old", "new", "kind", "where"),
    [
        ("<b>905</b>", "<b>910</b>", TEXT, "trend-heading"),
        ("M0 1", "M0 2", PICTURE, "figure-trend"),
        ("By year", "By month", TEXT, "figure-trend"),
        ("[905]", "[910]", FORM, "script numbers"),
        ("color: red", "color: blue", FORM, "what is neither text nor picture"),
    ],
)
def test_what_differs_in_a_page_is_told_by_its_kind_and_place(old, new, kind, where):
    (found,) = found_in("s.en.html", PAGE, PAGE.replace(old, new))
    assert (found.kind, found.where) == (kind, where)


def test_a_cell_of_a_notebook_and_of_a_spreadsheet_is_named():
    def notebook(source):
        return nbformat.writes(new_notebook(cells=[new_code_cell(source, id="trend")]))

    (cell,) = found_in("s.ipynb", notebook("1"), notebook("2"))
    assert (cell.kind, cell.where) == (TEXT, "cell trend")

    def workbook(number, text):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            book.add_worksheet("Trend").write_row(1, 0, [text, number])
        return file.getvalue()

    found = found_in("s.en.xlsx", workbook(905, "LT"), workbook(910, "LV"))
    assert {(one.kind, one.where, one.archived, one.now) for one in found} == {
        (TEXT, "Trend, row 2, column 1", "LT", "LV"), (NUMBER, "Trend, row 2, column 2", "905.0", "910.0"),
    }  # fmt: skip


def made(found: dict[str, list[Difference]], may_be_close: bool) -> ReproducedRun:
    return ReproducedRun(Run("study", "LT", 2022), found, {}, None, may_be_close)


def test_only_other_versions_excuse_a_difference_and_only_if_all_numbers_are_close():
    close, far = (found_in("s.results.csv", csv_of(1), csv_of(now)) for now in (1.000000001, 2))
    picture = [Difference(PICTURE, "figure-trend")]
    assert made({"s.results.csv": [], "s.en.html": []}, False).state == SAME
    assert made({"s.results.csv": close, "s.en.html": picture}, True).state == CLOSE
    assert made({"s.results.csv": [], "s.en.html": picture}, False).state == DIFFERS
    assert made({"s.results.csv": far}, True).state == DIFFERS


def test_the_report_names_other_versions_and_the_first_of_what_differs():
    many = [Difference(NUMBER, f"number {n}", "1", "2") for n in range(9)]
    numpys = Change("numpy", "1.0", "2.0")
    told = "\n".join(lines(Reproduction("2022-r1.zip", [made({"s.results.csv": many}, True)], [numpys], None)))
    assert "numpy is 2.0 here, and was 1.0" in told and "2e-09" in told
    assert "number 0: 1 → 2" in told and "number 8" not in told and "and 4 more" in told
    assert told.endswith("1 run made again: 1 differs")


def test_versions_that_differ_are_named_and_those_for_other_systems_are_not():
    about = {"python": "3.1.0"}
    here = numpy.__version__
    lock = f"numpy=={here} ; python_version >= '3.12'\nnumpy==0.1 ; python_version < '3.12'\nlxml==0.1\nno-such-package==1\n"
    assert [(one.name, one.archived) for one in changes(lock, about)] == [("Python", "3.1.0"), ("lxml", "0.1")]


def test_a_pdf_is_compared_only_where_the_same_browser_prints(monkeypatch):
    for here, is_compared in {"Chromium 1": True, "Chromium 2": False, None: False}.items():
        monkeypatch.setattr(environment, "browser_version", lambda here=here: here)
        for said in ("Chromium 1", "Chromium 1 built on Debian GNU/Linux 12 (bookworm)"):
            assert (unprintable({"browser": said}) is None) == is_compared


def test_what_an_archive_has_not_got_is_refused_and_what_it_has_is_named():
    runs = [SealedRun(Run(study, place, 2022), ("en",), ()) for study, place in (("a", "LT"), ("b", "LV"))]
    assert [one.run.study for one in chosen(runs, [], ["LV"])] == ["b"]
    for studies, countries, there in ((["c"], [], "a, b"), ([], ["EE"], "LT, LV"), (["a"], ["LV"], "a LT, b LV")):
        with pytest.raises(RefusedRun, match=there):
            chosen(runs, studies, countries)


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", True),
        ("import socket; socket.getaddrinfo('example.org', 80)", True),
        ("import socket; one, other = socket.socketpair(); one.send(b'.'); socket.getaddrinfo('127.0.0.1', 80)", False),
    ],
)
def test_a_process_of_a_reproduction_has_no_network(code, is_refused):
    offline = Path(workbench.reproducing.__file__).with_name("offline")
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(offline)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ("without network" in done.stderr) == is_refused == bool(done.returncode), done.stderr


def test_an_interval_that_differs_is_a_number_that_differs():
    one = made_up(5)
    wider = dataclasses.replace(one, low=1.0, high=9.0)
    (found,) = found_in("s.results.csv", results_csv([one]), results_csv([wider]))
    assert "(1 to 9)" in found.now
