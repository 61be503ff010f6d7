"""What cells print and display is cut at a limit as it arrives; the blocks of a study are not counted."""

from workbench.model.record import BLOCK_TYPE

_KILOBYTE = 1000
_OUTPUT_MESSAGES = {"stream", "display_data", "execute_result"}


class OutputLimit:
    """Cuts the output in a kernel's messages to what is left of a run's limit.

    Standard error, which no reader sees, has the same limit for itself.

    Parameters
    ----------
    kilobytes : float or None
        The limit; if None, nothing is cut.
    """

    def __init__(self, kilobytes: float | None):
        self._kilobytes = kilobytes
        self._left = dict.fromkeys((False, True), int((kilobytes or 0) * _KILOBYTE))
        self._reported: set[tuple[int, bool]] = set()

    def cut(self, message: dict, cell: int) -> dict | None:
        """A message as it came, or cut, with a line that says so; None if the cell has that line already."""
        content = message["content"]
        if (
            self._kilobytes is None
            or message["msg_type"] not in _OUTPUT_MESSAGES
            or BLOCK_TYPE in content.get("data", {})
        ):
            return message
        is_error, size = content.get("name") == "stderr", _size(content)
        if size <= self._left[is_error]:
            self._left[is_error] -= size
            return message
        kept = content.get("text", "").encode()[: self._left[is_error]].decode(errors="ignore")
        self._left[is_error] = 0
        if (cell, is_error) in self._reported:
            return None
        self._reported.add((cell, is_error))
        text = f"{kept}\n[cut here: more than {self._kilobytes:g} kB beside the blocks of the study; output_kb in limits]\n"
        return {
            **message,
            "msg_type": "stream",
            "header": {**message["header"], "msg_type": "stream"},
            "content": {"name": "stderr" if is_error else "stdout", "text": text},
        }


def _size(content: dict) -> int:
    """The size of an output in bytes."""
    texts = [content["text"]] if "text" in content else map(str, content["data"].values())
    return sum(len(text.encode(errors="replace")) for text in texts)
