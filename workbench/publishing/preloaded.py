"""What the server that workers are forked from imports: all that makes a run and ends an edition, once."""

import importlib

from workbench.rendering.imports import import_nbformat, uncollected
from workbench.rendering.kernels.zygote import import_stack

with uncollected():
    import_nbformat()
    for _name in ("workbench.publishing.finishing", "workbench.rendering.runs", "workbench.study.parameters"):
        importlib.import_module(_name)
    import_stack()
