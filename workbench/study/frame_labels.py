"""In which language a notebook shows the labels of its frames: that of the study which it opened last.

They are shown only. What a frame holds, and with it each result, has no language.
"""

from workbench.data.labelled_frame import LabelledFrame
from workbench.declarations.codelists import NAMED, code_list, has_code_list
from workbench.presentation.wording import Wording


def show_labels(wording: Wording) -> None:
    """From now on, show the labels of frames in a language."""

    def label(dimension: str, code: str) -> str:
        if dimension == "indicator":
            return wording.indicator(code)
        if dimension == "unit":
            return wording.unit(code)
        is_listed = dimension not in NAMED and has_code_list(dimension) and code in code_list(dimension).codes
        return wording.label(dimension, code) if is_listed else code

    LabelledFrame.labels_shown = staticmethod(label)
