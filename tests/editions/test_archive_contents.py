"""The commit that an archive names: that of the checkout, and only while the checkout is what the commit holds."""

import subprocess

import pytest

import workbench
from workbench.editions.archive_contents import code_commit


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A git checkout that holds the package."""
    module = tmp_path / "checkout" / "workbench" / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("")
    monkeypatch.setattr(workbench, "__file__", str(module))
    return tmp_path / "checkout"


def git(folder, *words):
    someone = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *someone, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit_all(folder):
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "Begin")


def test_the_commit_of_a_checkout_is_named(checkout):
    commit_all(checkout)
    assert code_commit() == git(checkout, "rev-parse", "HEAD").strip()


def test_a_checkout_with_changes_has_no_commit(checkout):
    commit_all(checkout)
    (checkout / "workbench" / "__init__.py").write_text("changed = True")
    assert code_commit() is None


def test_a_package_without_git_has_no_commit(checkout):
    assert code_commit() is None


def test_a_package_installed_below_another_checkout_has_no_commit(checkout):
    commit_all(checkout.parent)
    assert code_commit() is None
