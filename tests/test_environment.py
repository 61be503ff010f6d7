"""One environment, however it is made: pyproject, lock and environment.yml say the same."""

import re
import tomllib
from importlib.metadata import version

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
DIRECT = [Requirement(text) for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


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
