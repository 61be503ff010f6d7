"""Imported once by the server that workers are forked from: all that makes a run and seals an edition."""

import importlib

from workbench.execution.kernels.fork_server import import_stack
from workbench.execution.preload import gc_paused, leave_out_unused

leave_out_unused()
with gc_paused():
    for _name in ("workbench.editions.seal", "workbench.editions.render", "workbench.resolving.parameters"):
        importlib.import_module(_name)
    import_stack()
