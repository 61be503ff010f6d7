"""What is wrong, or calls for an explanation, in a table that somebody filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to explain.

    Attributes
    ----------
    sheet, cell : str
        Where; empty where it is about the whole file or sheet.
    what : str
        A message, with ``{names}`` that ``said`` fills.
    may_be_explained : bool
        Whether an explanation in the row settles it.
    """

    what: str
    sheet: str = ""
    cell: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    may_be_explained: bool = False

    def text(self, wording: Wording) -> str:
        """What is wrong, in words."""
        return wording.text(self.what).format(**self.said)
