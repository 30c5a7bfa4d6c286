"""Words and numbers in boxes: what is shown of a name, how it is escaped, how wide it is.

This module owns the way from any Python string to DOT label text that shows that string and nothing
else. It does not know what a node is.
"""

import unicodedata

__all__ = [
    "LINE_LENGTH",
    "clip",
    "escape_label",
    "escape_tooltip",
    "minimum_width",
    "width_of",
]

LINE_LENGTH = 32
_LINES = 3
_FIELD_MARGIN = 0.2  # inches
# Joiners and direction marks count as unprintable but belong to correct words and emoji.
_JOINERS = "\u200c\u200d\u200e\u200f"

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_RECORD_SIGNS = {"{": "&#123;", "|": "&#124;", "}": "&#125;"}
_LABEL = str.maketrans({**_ENTITIES, **_RECORD_SIGNS, "\\": r"\\", "\n": r"\n"})
# Graphviz substitutes escapes in a tooltip twice.
_TOOLTIP = str.maketrans({**_ENTITIES, **_RECORD_SIGNS, "\\": r"\\\\", "\n": r"\n"})


def _printable(text: str) -> str:
    """Replace what cannot be seen or encoded, such as control characters, by its Python escape."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character in _JOINERS
        else " "
        if unicodedata.category(character) == "Zs"
        else ascii(character)[1:-1]
        for character in text
    )


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def clip(text: str) -> str:
    """Shorten a text to what fits a box: three lines of 32 characters, the middle left out.

    >>> clip("weight_of_the_connection_between_input_3_and_neuron_12")
    'weight_of_the_connec…d_neuron_12'
    """
    lines = _lines(text)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], "…"]
    return "\n".join(map(_clip_line, map(_printable, lines)))


def _clip_line(line: str) -> str:
    if len(line) <= LINE_LENGTH:
        return line
    kept = LINE_LENGTH - 1
    return f"{line[: kept * 2 // 3]}…{line[-(kept - kept * 2 // 3) :]}"


def escape_label(text: str) -> str:
    r"""DOT text of a label or of a record's field that shows `text`.

    >>> print(escape_label('{a|b} & "c" \\N'))
    &#123;a&#124;b&#125; &amp; &quot;c&quot; \\N
    """
    return _keep_spaces("\n".join(map(_printable, _lines(text)))).translate(_LABEL)


def escape_tooltip(text: str) -> str:
    """DOT text of a tooltip that shows `text`, however long."""
    return "\n".join(map(_printable, _lines(text))).translate(_TOOLTIP)


def _keep_spaces(text: str) -> str:
    """Make spaces unbreakable where a record would drop some: leading, trailing, repeated."""
    if "  " not in text and text == text.strip(" ") and "\n " not in text and " \n" not in text:
        return text
    return text.replace(" ", "\u00a0")


def minimum_width(fields: list[str], font_size: float, *, in_row: bool = False) -> float | None:
    """Least width in inches for boxes with letters that Graphviz cannot measure, else None.

    Its tables hold Latin letters; any other is taken for a space, and the text would leave its box.
    Fields in a row share out the width they gain equally, so each must gain what the widest needs.
    """
    if all(ord(character) <= 0xFF for field in fields for character in field):
        return None
    if not in_row:
        return width_of(fields, font_size)
    widths = [width_of([field], font_size) for field in fields]
    return round(len(widths) * max(widths) + sum(widths), 2)


def width_of(fields: list[str], font_size: float) -> float:
    """The width in inches of a box in which each of the fields would fit, one below the other."""
    lines = (line for field in fields for line in field.split("\n"))
    return round(max(map(_ems, lines)) * font_size / 72 + _FIELD_MARGIN, 2)


def _ems(line: str) -> float:
    return sum(map(_em, line))


def _em(character: str) -> float:
    """A width that no letter of the font that ships exceeds, but for rare double ones such as Ǆ."""
    if unicodedata.combining(character) or character in _JOINERS:
        return 0.0
    if character.isascii():
        return 1.02 if character in "mwMW@%&" else 0.79 if character.isupper() else 0.6
    return 0.84 if character.islower() or "\u0590" <= character <= "\u05ff" else 1.1
