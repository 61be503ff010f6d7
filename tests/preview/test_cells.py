"""Which cells must run again, and what stands on the page of an error."""

import pytest

from workbench.model.errors import RefusedRun
from workbench.preview.cells import code_cells, first_changed
from workbench.preview.errors import error_html, error_message, error_of, failing_line, parsed_error
from workbench.preview.runner import Progress


def cell(name, source="", tags=(), kind="code"):
    return {"cell_type": kind, "id": name, "source": source, "metadata": {"tags": list(tags)}}


A, B, C = cell("a", "1"), cell("b", "2"), cell("c", "3")


@pytest.mark.parametrize(
    ("ran", "written", "position"),
    [
        ([], [A, B], 0),
        ([A, B, C], [A, B, C], 3),
        ([A, B, C], [A, cell("b", "4"), C], 1),
        ([A, B, C], [A, cell("other", "2"), C], 1),
        ([A, B, C], [A, cell("b", "2", ["parameters"]), C], 1),
        ([A, B, C], [A, C, B], 1),
        ([A, B, C], [A, C], 1),
        ([A, B, C], [A, cell("new"), B, C], 1),
        ([A, B, C], [A, B], 2),
        ([A, B], [A, B, C], 2),
        ([A], [{**A, "outputs": [{}], "execution_count": 3}], 1),
    ],
)
def test_the_first_changed_cell(ran, written, position):
    assert first_changed(ran, written) == position


def test_markdown_is_no_code():
    assert code_cells({"cells": [cell("text", kind="markdown"), A]}) == [A]


def test_a_cell_that_runs_is_stopped_only_if_another_should_run():
    progress = Progress(ran=[A], running=B)
    assert not progress.must_stop([A, B]) and not progress.must_stop([A, B, C])
    assert progress.must_stop([A, C]) and progress.must_stop([C, B]) and progress.must_stop([A])
    assert not Progress(ran=[A]).must_stop([C])


def test_a_cell_that_failed_is_not_run_again_while_it_is_the_same():
    progress = Progress(ran=[A], failed=B)
    assert progress.has_failed_as([A, B, C]) and not progress.has_failed_as([A, C]) and not progress.has_failed_as([A])


def test_an_error_of_the_workbench_goes_from_process_to_process_and_through_a_kernel():
    error = RefusedRun("it cannot be", expected="a < b", where="here", hint="write a < b")
    told = error_message(error)
    assert vars(error_of(told)) == vars(error)
    assert parsed_error(f"RefusedRun: {error}") == {**told, "what": "RefusedRun: it cannot be"}


def test_the_block_of_an_error_escapes_what_it_shows_and_marks_the_line():
    error = parsed_error("ValueError: <b>")
    html = error_html(str.upper, "t", error, "a = 1\nb < 2", 2)
    assert "&lt;b&gt;" in html and "<mark>b &lt; 2</mark>" in html and 'role="alert"' in html
    assert failing_line("\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[5]\x1b[39m\x1b[32m, line 2\x1b[39m") == 2
    assert failing_line("no line") is None
