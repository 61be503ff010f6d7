"""Data inside a page, in an element ``<script>`` that is not executed."""

import json

# Characters that could end the script element, open a comment in it, or end a line of JavaScript.
_ESCAPED = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"})


def as_json(data: object) -> str:
    """Data as compact JSON that is safe in HTML: no character in it can end the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
