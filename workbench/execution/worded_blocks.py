"""The blocks of a run as HTML in a language, kept beside the run log: while only template and style change, none is drawn anew.

They are neither published nor archived, and are made again where they are missing.
"""

import gzip
import json
from pathlib import Path

from workbench.execution.run_log import RunLog
from workbench.model.paths import write_whole
from workbench.model.types import Run

_FAST = 1


def worded_blocks(run_log: RunLog, run: Run, language: str, stamp: str) -> dict[str, str]:
    """The HTML of each block by the digest of its description; nothing unless it was made from what the ``stamp`` stands for."""
    try:
        said = json.loads(gzip.decompress(_path(run_log, run, language).read_bytes()))
        return said["blocks"] if said["stamp"] == stamp else {}
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return {}


def keep_worded_blocks(run_log: RunLog, run: Run, language: str, stamp: str, blocks: dict[str, str]) -> None:
    """Keep the HTML of blocks for the next time."""
    content = json.dumps({"stamp": stamp, "blocks": blocks}, ensure_ascii=False).encode()
    write_whole(_path(run_log, run, language), gzip.compress(content, _FAST, mtime=0))


def _path(run_log: RunLog, run: Run, language: str) -> Path:
    return run_log.folder_of(run) / "blocks" / run.edition / run.country / f"{run.study}.{language}.json.gz"
