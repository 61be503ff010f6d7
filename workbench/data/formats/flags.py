"""Flags of observations: letters, several together (``bep``).

Since 27 January 2025 Eurostat publishes them as OBS_STATUS and CONF_STATUS; before, as one OBS_FLAG. Letters of the older
list are renamed wherever they are met, for the newer list has none of them: ``c`` is of CONF_STATUS, ``s`` (Eurostat
estimate) became ``i`` (imputed), ``z`` (not applicable) became ``m`` (data cannot exist).
"""

from workbench.declarations.codelists import code_list
from workbench.model.errors import UnknownCode
from workbench.model.words import NOT_AVAILABLE

_RENAMED = {"s": "i", "z": "m"}
_CONFIDENTIAL = "c"


def observation_status(flags: str) -> str:
    """The letters of OBS_STATUS among flags, in their order, under their names since 2025.

    Parameters
    ----------
    flags : str
        A cell of OBS_FLAG or OBS_STATUS, or what follows a value in TSV; a label after a colon does not count.

    Raises
    ------
    UnknownCode
        If one is of neither list.
    """
    letters = [_RENAMED.get(letter, letter) for letter in _letters(flags) if letter != _CONFIDENTIAL]
    return _known("obs_status", "".join(letters), besides=_CONFIDENTIAL)


def confidentiality_among(flags: str) -> str:
    """The letters of CONF_STATUS among flags of the older, single list: ``c`` or none."""
    return _CONFIDENTIAL if _CONFIDENTIAL in _letters(flags) else ""


def confidentiality_status(cell: str) -> str:
    """The letters of a cell of CONF_STATUS, in lower case.

    Raises
    ------
    UnknownCode
        If one is not of the list.
    """
    return _known("conf_status", _letters(cell))


def _letters(cell: str) -> str:
    return "".join(cell.partition(":")[0].split()).lower()


def _known(dimension: str, letters: str, besides: str = "") -> str:
    known = set(code_list(dimension).codes) - {NOT_AVAILABLE, *_RENAMED}
    for letter in letters:
        if letter not in known:
            raise UnknownCode(
                f"{letter!r} is no flag of {dimension}",
                expected=f"letters of {''.join(sorted(known | set(besides)))}, or none",
                found=letters,
                remedy=f"see the provider's list of flags; a new one is a row of codelists/{dimension}.csv",
            )
    return letters
