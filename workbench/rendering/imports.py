"""Imports that would take long, made shorter."""

import importlib
import sys

_GRAMMAR = "rfc3987_syntax"


def import_nbformat() -> None:
    """Import nbformat, and jsonschema with it, without the grammar of international addresses.

    jsonschema builds that grammar as it is imported, which takes a second, and does without where it is not installed;
    no schema of a notebook asks for it.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    sys.modules[_GRAMMAR] = None
    try:
        importlib.import_module("nbformat")
    finally:
        del sys.modules[_GRAMMAR]
