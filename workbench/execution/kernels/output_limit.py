"""What cells print and display is kept up to a limit, while it comes: a study's own blocks are not counted."""

from workbench.presentation.blocks import OWN_MARKUP

_KILOBYTE = 1000
_SHOWN = {"stream", "display_data", "execute_result"}


class OutputLimit:
    """Messages of a kernel with what they show cut to what is left of a run's limit.

    What is standard error, which no reader sees, has as much of its own.

    Parameters
    ----------
    kilobytes : float or None
        The limit; none, and nothing is cut.
    """

    def __init__(self, kilobytes: float | None):
        self._kilobytes = kilobytes
        self._left = dict.fromkeys((False, True), int((kilobytes or 0) * _KILOBYTE))
        self._told: set[tuple[int, bool]] = set()

    def cut(self, message: dict, cell: int) -> dict | None:
        """A message as it came, or cut, with a line that says so; none, if that was said in the cell before."""
        content = message["content"]
        if self._kilobytes is None or message["msg_type"] not in _SHOWN or content.get("metadata") == OWN_MARKUP:
            return message
        is_error, size = content.get("name") == "stderr", _size(content)
        if size <= self._left[is_error]:
            self._left[is_error] -= size
            return message
        kept = content.get("text", "").encode()[: self._left[is_error]].decode(errors="ignore")
        self._left[is_error] = 0
        if (cell, is_error) in self._told:
            return None
        self._told.add((cell, is_error))
        text = f"{kept}\n[cut here: more than {self._kilobytes:g} kB beside the workbench's own blocks; output_kb in limits]\n"
        return {
            **message,
            "msg_type": "stream",
            "header": {**message["header"], "msg_type": "stream"},
            "content": {"name": "stderr" if is_error else "stdout", "text": text},
        }


def _size(content: dict) -> int:
    """Bytes of what is shown."""
    shown = [content["text"]] if "text" in content else map(str, content["data"].values())
    return sum(len(text.encode(errors="replace")) for text in shown)
