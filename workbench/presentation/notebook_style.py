"""The style of what a notebook shows below its cells: a block carries it, because a notebook has no head to hold it."""

from functools import cache
from pathlib import Path


def styled(html: str) -> str:
    """A block as it is shown below its cell; nothing remains nothing."""
    return f'<div class="workbench-output"><style>{_style()}</style>\n{html}</div>' if html else ""


@cache
def _style() -> str:
    """The style without its comments and line breaks: each block has it once more."""
    text = Path(__file__).with_name("notebook.css").read_text(encoding="utf-8")
    return " ".join(line.strip() for line in text.splitlines() if not line.startswith("/*"))
