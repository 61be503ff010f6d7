"""Imported once by the server that workers are forked from: all that makes a run and seals an edition."""

import importlib

from workbench.execution.kernels.fork_server import import_stack
from workbench.execution.preload import gc_paused, import_nbformat

with gc_paused():
    import_nbformat()
    for _name in ("workbench.editions.seal", "workbench.editions.render", "workbench.study.parameters"):
        importlib.import_module(_name)
    import_stack()
