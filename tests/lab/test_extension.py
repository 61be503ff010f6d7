"""What a notebook's kernel has beyond Python: other parameters by %study, completion, errors whose message stands first."""

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from workbench.lab.extension import load_ipython_extension
from workbench.lab.magics import parsed
from workbench.model.errors import RefusedRun, WorkbenchError


@pytest.fixture
def shell():
    made = InteractiveShell()
    load_ipython_extension(made)
    yield made
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str):
    return shell.run_cell(cell, store_history=True)


def test_parameters_that_are_given_stand_in_the_place_of_those_of_the_notebook(shell):
    assert run(shell, "%study asylum_applications --country LV --year 2021 --language lt").success
    run(shell, 'country = "LT"\nyear = 2022\nlanguage = "en"')
    run(
        shell,
        "from workbench.study import Study\nopened = Study.open('asylum_applications', country=country, year=year)",
    )
    opened = shell.user_ns["opened"]
    assert (opened.country, opened.year, shell.user_ns["language"]) == ("LV", 2021, "lt")
    run(shell, "%study asylum_applications")
    run(shell, 'country = "EE"')
    assert shell.user_ns["country"] == "EE" and shell.user_ns["study"].country == "LT"


def test_the_study_is_that_of_the_notebook(shell, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "/somewhere/notebooks/visas.ipynb")
    assert run(shell, "%study --year 2019").success and shell.user_ns["study"].run.study == "visas"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("asylum_applications --country Latvia", "LV is the code of Latvia"),
        ("asylum_applications --year 1999", "2008 to 2024"),
        ("asylum_applications --language zz", "en, lt"),
        ("asylum_applications --contry LV", "country"),
        ("asylum_aplications", "asylum_applications"),
        ("", "%study visas --country LV"),
        ("visas LV", "--country LT"),
        ("visas --country", "--country LT"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed_and_changes_nothing(shell, monkeypatch, line, said):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    result = run(shell, f"%study {line}")
    assert isinstance(result.error_in_exec, WorkbenchError) and said in str(result.error_in_exec)
    assert "study" not in shell.user_ns


def test_options_are_read_in_both_forms():
    assert parsed("visas --country LT --neighbours=LV,EE") == ("visas", ["country=LT", "neighbours=LV,EE"])
    with pytest.raises(RefusedRun):
        parsed("--country LT visas")


def test_of_an_error_the_message_stands_first_and_the_line_of_the_cell_last(shell, capsys):
    run(shell, "%study asylum_applications")
    capsys.readouterr()
    run(shell, "one = 1\nstudy.one('asylum_aplicants')")
    shown = capsys.readouterr().out
    assert "the indicator asylum_aplicants is not declared" in shown.splitlines()[0] and "asylum_applicants" in shown
    assert shown.rstrip().endswith("----> 2 study.one('asylum_aplicants')") and "reader.py" not in shown
    run(shell, "%study asylum_applications --country Latvia")
    assert "get_ipython" not in capsys.readouterr().out
    run(shell, "1 / 0")
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_the_shell_completes_a_call_of_the_study_and_leaves_the_rest_alone(shell):
    run(shell, "%study asylum_applications")
    assert offered(shell, 'study.one("asylum_applicants", citizen="bela') == {"BY"}
    assert "find" in offered(shell, "study.fin")


def offered(shell: InteractiveShell, code: str) -> set[str]:
    with provisionalcompleter():
        return {one.text for one in shell.Completer.completions(code, len(code))}
