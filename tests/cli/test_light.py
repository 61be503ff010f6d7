"""What tells of the commands loads none of the libraries that do the work: to be told must not take longer than to read it."""

import subprocess
import sys

import pytest

HEAVY = {
    "IPython",
    "babel",
    "httpx",
    "jinja2",
    "jupyter_client",
    "lxml",
    "matplotlib",
    "multiprocessing",
    "nbconvert",
    "numpy",
    "pandas",
    "psutil",
    "pyarrow",
    "scipy",
}
TELLS = "import sys\nfrom click.testing import CliRunner\nfrom workbench.cli import main\n"


@pytest.mark.parametrize(
    ("arguments", "may"),
    [
        (["--help"], set()),
        (["--version"], set()),
        (["run", "--help"], set()),
        (["queries"], set()),
        (["calendar"], {"babel"}),
        (["collect", "status"], set()),
        (["review", "status"], set()),
        (["datasets", "--offline"], set()),
        (["check", "asylum_applications"], {"babel"}),
        (["check", "no_such_study"], {"babel"}),
        (["run", "no_such_study"], {"babel"}),
        (["run", "visas", "--country", "XX"], {"babel"}),
        (["preview", "visas", "-p", "neighbours=XX"], {"babel"}),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value),
)
def test_a_command_that_only_tells_is_light(arguments, may):
    code = f"{TELLS}CliRunner().invoke(main, {arguments})\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY & set(loaded) <= may
