"""Colors and sizes: the two styles in the two themes, and the fill that a gradient gets.

This module owns every color and measure of a picture and nothing else.
"""

import math
from dataclasses import dataclass

__all__ = ["CLASSIC", "MODERN", "RANKDIRS", "THEMES", "Attributes", "Style", "Theme"]

Attributes = dict[str, str]

RANKDIRS = ("LR", "RL", "TB", "BT")
_FAINTEST_FILL = 0.15


@dataclass(frozen=True, slots=True)
class Theme:
    """The colors of a picture on light or on dark ground."""

    name: str
    ground: str
    text: str
    faint_text: str
    line: str
    box: str
    panel: str
    frame: str
    focus: str
    operation: str
    operation_text: str
    positive: str
    positive_border: str
    negative: str
    negative_border: str
    zero_border: str
    invalid: str
    invalid_border: str

    def fill(self, grad: float, largest: float) -> tuple[str, str]:
        """Fill and border of a value's box, from its gradient and the picture's largest one.

        The hue is the gradient's sign; the strength its square root, so that small ones still show.
        """
        if math.isnan(grad):
            return self.invalid, self.invalid_border
        if grad == 0:
            return self.box, self.zero_border
        share = 1.0 if math.isinf(grad) else min(1.0, abs(grad) / largest)
        strength = _FAINTEST_FILL + (1 - _FAINTEST_FILL) * math.sqrt(share)
        if grad > 0:
            return _mix(self.box, self.positive, strength), self.positive_border
        return _mix(self.box, self.negative, strength), self.negative_border


def _mix(start: str, end: str, share: float) -> str:
    """The color `share` of the way between two colors."""
    pairs = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


THEMES = {
    "light": Theme(
        name="light",
        ground="#FFFFFF",
        text="#1B1F24",
        faint_text="#57606A",
        line="#8A8F98",
        box="#FFFFFF",
        panel="#F6F8FA",
        frame="#D0D7DE",
        focus="#0550AE",
        operation="#24292F",
        operation_text="#FFFFFF",
        positive="#F4A259",
        positive_border="#B35806",
        negative="#74ADD1",
        negative_border="#2166AC",
        zero_border="#8A8F98",
        invalid="#FBD0E4",
        invalid_border="#BF2A74",
    ),
    "dark": Theme(
        name="dark",
        ground="#0D1117",
        text="#F0F3F6",
        faint_text="#AAB2BC",
        line="#7D8590",
        box="#161B22",
        panel="#12171E",
        frame="#363D47",
        focus="#79C0FF",
        operation="#E6EBF1",
        operation_text="#0D1117",
        positive="#A04D09",
        positive_border="#F4A259",
        negative="#1F5E97",
        negative_border="#74ADD1",
        zero_border="#7D8590",
        invalid="#7A1C4B",
        invalid_border="#F58AC0",
    ),
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a way of drawing shows unless told otherwise, and its attributes for all elements."""

    name: str
    number_format: str
    show: tuple[str, ...]
    font_size: float

    def graph(self, theme: Theme, rankdir: str) -> Attributes:
        """Attributes of the graph."""
        common = {"rankdir": rankdir, "bgcolor": theme.ground}
        if self is CLASSIC:
            return common
        return {
            **common,
            "pad": "0.15",
            "nodesep": "0.22",
            "ranksep": "0.38",
            "outputorder": "edgesfirst",
        }

    def nodes(self, theme: Theme) -> Attributes:
        """Attributes of every node."""
        if self is CLASSIC:
            return {
                "fontname": "Helvetica",
                "fontsize": "12",
                "color": theme.text,
                "fontcolor": theme.text,
            }
        return {
            "shape": "record",
            "style": "rounded,filled",
            "fontname": "Helvetica",
            "fontsize": "11",
            "margin": "0.09,0.045",
            "height": "0.3",
            "penwidth": "1.1",
            "fontcolor": theme.text,
        }

    def edges(self, theme: Theme) -> Attributes:
        """Attributes of every edge."""
        if self is CLASSIC:
            return {
                "fontname": "Helvetica",
                "fontsize": "10",
                "color": theme.text,
                "fontcolor": theme.faint_text,
            }
        return {
            "fontname": "Helvetica",
            "fontsize": "9",
            "color": theme.line,
            "fontcolor": theme.faint_text,
            "arrowsize": "0.6",
        }

    def stub(self, theme: Theme) -> Attributes:
        """Attributes of what stands for values that are not shown."""
        return {
            "shape": "box",
            "style": "dashed" if self is CLASSIC else "rounded,dashed",
            "color": theme.line,
            "fontcolor": theme.faint_text,
        }

    def cluster(self, theme: Theme) -> Attributes:
        """Attributes of the frame around a layer."""
        common = {
            "fontname": "Helvetica",
            "fontsize": "11",
            "fontcolor": theme.faint_text,
            "labelloc": "t",
            "labeljust": "c",
        }
        if self is CLASSIC:
            return {**common, "color": theme.line}
        return {**common, "style": "rounded", "bgcolor": theme.panel, "color": theme.frame}

    def footer(self, theme: Theme) -> Attributes:
        """Attributes of the line below a picture that says how much of a graph it shows."""
        return {
            "labelloc": "b",
            "labeljust": "l",
            "fontname": "Helvetica",
            "fontsize": "11",
            "fontcolor": theme.faint_text,
        }


MODERN = Style("modern", ".4g", ("data", "grad", "local_gradients"), 11.0)
CLASSIC = Style("classic", ".4f", ("data", "grad"), 12.0)
