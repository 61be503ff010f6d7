"""How a method says that the data cannot carry it: with a reason that a study can put into words."""

from enum import Enum

from workbench.model.errors import WorkbenchError


class Reason(Enum):
    """Why a method does not answer."""

    TOO_SHORT = "too short"
    GAPS = "gaps"
    BROKEN = "broken"
    CONSTANT = "constant"
    TOO_FEW = "too few"
    NOT_CONVERGED = "not converged"
    SEPARATED = "separated"
    TOO_UNCERTAIN = "too uncertain"


class ThinData(WorkbenchError):
    """Data that a method refuses, for they cannot carry what it would say.

    Parameters
    ----------
    what : str
        What is refused, in one sentence.
    reason : Reason
        Why; a study words it for its readers.
    expected, found : str
        What the method needs, and what it was given.
    """

    def __init__(self, what: str, reason: Reason, *, expected: str, found: str) -> None:
        self.reason = reason
        super().__init__(what, expected=expected, found=found)
