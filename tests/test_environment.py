"""One environment, however it is made: pyproject, lock and environment.yml say the same."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = [
    Requirement(line)
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
DECLARED = [Requirement(text) for text in PROJECT["dependencies"]]
OPTIONAL = [Requirement(text) for text in PROJECT["optional-dependencies"]["dask"]]
DIRECT = [Requirement(text) for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


PRIVATE = {"ipykernel", "matplotlib", "nbclient", "nbconvert", "papermill", "xlsxwriter"}
"""Of which interfaces are used that their authors keep private."""

FOR_RESEARCHERS = {"jupyterlab"}
"""What nothing here imports: it is in the environment for those who write notebooks."""

BY_NAME: set[str] = set()
"""What pandas is asked for by name."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[Requirement]) -> set[str]:
    return {normal(requirement.name) for requirement in requirements}


def sources() -> Iterator[str]:
    """The code of the package and of the notebooks."""
    for path in (ROOT / "workbench").rglob("*.py"):
        yield path.read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def imported() -> set[str]:
    """The distributions that the package and the notebooks import."""
    modules = set()
    for source in sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    by_module = packages_distributions()
    libraries = modules - sys.stdlib_module_names - {"workbench"}
    return {normal(by_module.get(module, [module])[0]) for module in libraries}


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_the_lock_pins_each_dependency_as_declared(requirement):
    pins = [pin for pin in LOCK if normal(pin.name) == normal(requirement.name)]
    assert pins, f"{requirement} is not in requirements.lock: make lock"
    for pin in pins:
        (specifier,) = pin.specifier
        assert specifier.operator == "==" and requirement.specifier.contains(specifier.version)


def test_every_line_of_the_lock_is_an_exact_pin_without_an_address():
    assert all(len(pin.specifier) == 1 and next(iter(pin.specifier)).operator == "==" for pin in LOCK)
    assert not re.search(
        r"https?://|--(index|extra-index|find-links|trusted)", (ROOT / "requirements.lock").read_text()
    )


def test_what_is_installed_is_what_the_lock_pins():
    for pin in LOCK:
        if pin.marker is None or pin.marker.evaluate():
            assert version(pin.name) in pin.specifier, f"{pin.name} {version(pin.name)} is installed"


def test_conda_users_get_python_and_the_same_lock():
    plain = [item for item in CONDA["dependencies"] if isinstance(item, str)]
    (by_pip,) = [item["pip"] for item in CONDA["dependencies"] if isinstance(item, dict)]
    assert by_pip == ["-r requirements.lock", "-e ."]
    (python,) = [Requirement(item) for item in plain if item.startswith("python")]
    assert python.specifier == SpecifierSet(PROJECT["requires-python"])


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    assert imported() <= names(DECLARED) | names(OPTIONAL)
    assert names(DECLARED) - imported() == FOR_RESEARCHERS | BY_NAME


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_each_dependency_has_a_lower_bound(requirement):
    assert any(one.operator == ">=" for one in requirement.specifier)


def test_what_is_private_has_an_upper_bound_and_nothing_else_has():
    bounded = {normal(one.name) for one in DECLARED if any(bound.operator == "<" for bound in one.specifier)}
    assert bounded == PRIVATE
