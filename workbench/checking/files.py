"""Rules on what a notebook reads: through the study, so that it is recorded and archived."""

import ast
from collections.abc import Iterator

from workbench.checking.code import Code, at, modules
from workbench.checking.remarks import Remark

_AROUND = frozenset(
    {
        "aiohttp", "builtins", "duckdb", "ftplib", "glob", "httpx", "importlib", "io", "openpyxl", "os", "pathlib", "pickle",
        "polars", "requests", "shutil", "socket", "sqlalchemy", "sqlite3", "subprocess", "tempfile", "urllib", "urllib3",
        "zipfile",
    }
)  # fmt: skip
_READERS = (
    "pandas.read_", "pandas.ExcelFile", "pandas.HDFStore", "numpy.load", "numpy.genfromtxt", "numpy.fromfile",
    "numpy.memmap", "pyarrow.parquet.", "pyarrow.csv.", "pyarrow.dataset.", "pyarrow.feather.", "pyarrow.ipc.",
    "matplotlib.pyplot.imread", "matplotlib.image.", "seaborn.load_dataset", "statsmodels.api.datasets.",
    "statsmodels.datasets.",
)  # fmt: skip
_BUILT_IN = frozenset({"open", "__import__"})
_OF_PATHS = frozenset({"read_text", "read_bytes"})
_HINT = "read it through the study, or import it as a dataset: what is read otherwise is in no archive"


def files(code: Code) -> Iterator[Remark]:
    """What is read is read through the study, so that it is recorded and archived."""
    for cell, node in code.imports:
        for name in modules(node):
            if name.partition(".")[0] in _AROUND:
                yield at("files", cell, node, f"{name} reaches around the workbench: {_HINT}")
    for cell, named, name, _ in code.named:
        if name in _BUILT_IN or name.startswith(_READERS):
            yield at("files", cell, named, f"{name} reads around the workbench: {_HINT}")
    for cell, call in code.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _OF_PATHS:
            yield at("files", cell, call, f".{call.func.attr} reads around the workbench: {_HINT}")
