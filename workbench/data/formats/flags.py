"""Flags of observations: letters, possibly several together (``bep``).

Since 27 January 2025 Eurostat publishes them as OBS_STATUS and CONF_STATUS; before, as one OBS_FLAG. Letters that only the
older list has are always renamed: ``c`` is in CONF_STATUS, ``s`` (Eurostat estimate) became ``i`` (imputed), ``z`` (not
applicable) became ``m`` (data cannot exist).
"""

from workbench.declarations.codelists import code_list
from workbench.model.errors import UnknownCode
from workbench.model.types import NOT_AVAILABLE

_RENAMED = {"s": "i", "z": "m"}
_CONFIDENTIAL = "c"
# CL_CONF_STATUS of SDMX: free, and the grounds on which a value is confidential, which a reader need not distinguish.
_FREE, _GROUNDS = "f", frozenset("adegmnopst")
# CL_OBS_STATUS of SDMX: a normal value, which Eurostat does not mark.
_NORMAL = "a"
# SDMX-CSV 2.0, of an attribute that is not there.
_MISSING = ("#N/A", "NaN")


def observation_status(flags: str) -> str:
    """The letters of OBS_STATUS among flags, in order, under their names since 2025.

    Parameters
    ----------
    flags : str
        A cell of OBS_FLAG or OBS_STATUS, or what follows a value in TSV; a label after a colon is ignored.

    Raises
    ------
    UnknownCode
        If one is in neither list.
    """
    letters = [_RENAMED.get(letter, letter) for letter in _letters(flags) if letter not in (_CONFIDENTIAL, _NORMAL)]
    return _known("obs_status", "".join(letters), besides=_CONFIDENTIAL)


def confidentiality_among(flags: str) -> str:
    """The letters of CONF_STATUS among flags of the older, single list: ``c`` or none."""
    return _CONFIDENTIAL if _CONFIDENTIAL in _letters(flags) else ""


def confidentiality_status(cell: str) -> str:
    """The meaning of a cell of CONF_STATUS: ``c`` if the value is confidential, on any ground; empty if it is free.

    Raises
    ------
    UnknownCode
        If one is not in the list.
    """
    letters = {_CONFIDENTIAL if letter in _GROUNDS else letter for letter in _letters(cell)} - {_FREE}
    return _known("conf_status", "".join(sorted(letters)))


def _letters(cell: str) -> str:
    if cell in _MISSING:
        return ""
    return "".join(cell.partition(":")[0].split()).lower()


def _known(dimension: str, letters: str, besides: str = "") -> str:
    known = set(code_list(dimension).codes) - {NOT_AVAILABLE, *_RENAMED}
    for letter in letters:
        if letter not in known:
            raise UnknownCode(
                f"{letter!r} is not a flag of {dimension}",
                expected=f"letters of {''.join(sorted(known | set(besides)))}, or none",
                found=letters[:40],
                hint=f"see the provider's list of flags; a new one is a row of codelists/{dimension}.csv",
            )
    return letters
