"""The IPython extension of the workbench's kernel: ``%study``, ``%check``, completion, and errors whose message stands first.

It is loaded before any cell runs, so it imports what is heavy only when it is asked for. In other kernels,
``%load_ext workbench.lab.extension`` does the same.
"""

import linecache
import sys
from collections.abc import Callable
from types import TracebackType

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from workbench.lab.magics import StudyMagics
from workbench.model.errors import WorkbenchError

_STUDY = "workbench.study.study"
_MAGIC = "get_ipython().run_line_magic("
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython."""
    magics = StudyMagics(shell)
    shell.register_magics(magics)
    shell.events.register("post_run_cell", magics.put_parameters)
    shell.set_custom_exc((WorkbenchError,), show_error)
    shell.Completer.custom_matchers.append(matcher_of(shell))


def matcher_of(shell: InteractiveShell) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """What completes the calls of a study in a shell."""

    @context_matcher(identifier="workbench", priority=100)
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        # Until a cell has imported it, no name is a study.
        if _STUDY not in sys.modules:
            return {"completions": []}
        from workbench.study.completion import completions

        lines = context.full_text.split("\n")[: context.cursor_line + 1]
        lines[-1] = lines[-1][: context.cursor_position]
        begun, found = completions("\n".join(lines), shell.user_ns)
        return {
            "completions": [SimpleCompletion(one.text, type=one.meaning) for one in found],
            "matched_fragment": begun,
            "ordered": True,
            "suppress": bool(found),
        }

    return matcher


def show_error(
    shell: InteractiveShell, kind: type, error: WorkbenchError, trace: TracebackType, tb_offset: int | None = None
) -> list[str]:
    """Show an error that a user can act on: what it says, and the line of the cell; no line of the package."""
    what, *details = str(error).split("\n")
    shown = ["\n".join((f"{_BOLD}{what}{_PLAIN}", *details)), *_line_of_cell(shell, trace)]
    shell._showtraceback(kind, error, shown)
    return shown


def _line_of_cell(shell: InteractiveShell, trace: TracebackType | None) -> list[str]:
    """The last line of a cell on the way to an error; of ``%study`` none, which stands in the cell in another form."""
    found: list[str] = []
    while trace is not None:
        file, number = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        if name := shell.compile.format_code_name(file):
            line = linecache.getline(file, number).strip()
            is_magic = line.startswith(_MAGIC)
            found = [] if is_magic else [f"{' '.join(name)}, line {number}\n----> {number} {line}"]
        trace = trace.tb_next
    return found
