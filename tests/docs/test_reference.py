"""What docs/ says of keys and thresholds is what the code has."""

import importlib.util
import inspect
import pkgutil
import re
from importlib import import_module

import pytest

import workbench.declarations
import workbench.study
from conftest import ROOT
from workbench.declarations.models import Declaration
from workbench.indicators.formulas import MINIMUM_DENOMINATOR
from workbench.indicators.mix import MINIMUM_COVERAGE
from workbench.study.choosing import SMALL_BASE, STEEP
from workbench.study.claims import SEVERAL
from workbench.study.group_gaps import SLIGHT

DOCS = ROOT / "docs"


def read(name: str) -> str:
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def hooks():
    """The module that MkDocs loads from its file."""
    spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def modules_with_declarations() -> set[str]:
    modules = [
        import_module(found.name)
        for found in pkgutil.iter_modules(workbench.declarations.__path__, "workbench.declarations.")
    ]
    return {
        module.__name__
        for module in modules
        for defined in vars(module).values()
        if inspect.isclass(defined) and issubclass(defined, Declaration) and defined.__module__ == module.__name__
    } - {Declaration.__module__}


def test_all_declarations_are_in_the_reference():
    assert set(re.findall(r"::: declarations (\S+)", read("reference/declarations.md"))) == modules_with_declarations()


def test_each_key_has_its_type_and_what_it_means():
    page = hooks().on_page_markdown("::: declarations workbench.declarations.datasets\n")
    assert "### DatasetDeclaration" in page
    assert "| `rounding_base` | whole number or number | required | Published values are rounded to the nearest" in page
    assert "| `renamed` | mapping of text to [Renaming](#renaming) | none |" in page


def test_each_command_has_its_help():
    page = hooks().on_page_markdown("::: commands\n")
    assert "## workbench edition\n" in page and "Usage: workbench edition [OPTIONS] EDITION" in page
    assert "## workbench review open\n" in page and "Usage: workbench review open [OPTIONS] STUDY|EDITION" in page


def test_what_a_notebook_may_import_is_in_the_reference():
    page = read("reference/study.md")
    charts = set(import_module("workbench.presentation.charts").__all__)
    constants = {name for name in workbench.study.__all__ if name.isupper()}
    named = {name.rpartition(".")[2] for name in re.findall(r"::: (\S+)", page)}
    assert set(workbench.study.__all__) - charts - constants <= named


@pytest.mark.parametrize(
    "said",
    [
        f"on fewer than {MINIMUM_DENOMINATOR} persons are withheld",
        f"less than {MINIMUM_COVERAGE:.0%}".replace("%", " %"),
        f"the base is below {SMALL_BASE}, the rise above {STEEP:.0f} %",
        f"at least {SEVERAL} numbers are there",
        f"less than {SLIGHT:.0f} percentage point between two estimates",
    ],
)
def test_thresholds_are_those_of_the_code(said):
    assert said in read("method.md")
