"""What the server that workers are forked from imports: all that makes a run and ends an edition, once."""

import workbench.publishing.finishing
import workbench.rendering.runs
import workbench.study.parameters  # noqa: F401
from workbench.rendering.kernels.zygote import import_stack

import_stack()
