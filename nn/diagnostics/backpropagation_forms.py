"""How a backpropagation table is written: as HTML for a notebook, as LaTeX for a sheet of paper.

Layers and units are counted from 1, as in w¹₁₂. The numbers are `backpropagation`'s.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_html", "as_latex"]

Array = NDArray[np.float64]

DIGITS = ".4g"
_HEADINGS = ("layer", "unit", "z", "a", "∂C/∂a", "δ = ∂C/∂z = ∂C/∂b", "∂C/∂W (a row a unit)")
_WITHOUT_BIASES = tuple(heading.removesuffix(" = ∂C/∂b") for heading in _HEADINGS)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def as_html(inputs: Array, cost: float, layers: Sequence[Any]) -> str:
    """A table with a row for every unit, and V of every layer but the first below it."""
    biased = any(layer.bias_gradient.size for layer in layers)
    rows = [_row("th", _HEADINGS if biased else _WITHOUT_BIASES)]
    for unit, number in enumerate(inputs, 1):
        rows.append(_row("td", ["inputs" if unit == 1 else "", str(unit), "", _number(number)]))
    for place, layer in enumerate(layers, 1):
        for unit in range(len(layer.z)):
            name = f"{place}: {layer.activation}" if unit == 0 else ""
            vectors = (layer.z, layer.a, layer.output_gradient, layer.delta)
            weights = ", ".join(map(_number, layer.weight_gradient[unit]))
            numbers = [_number(vector[unit]) for vector in vectors]
            rows.append(_row("td", [name, str(unit + 1), *numbers, weights]))
    parts = [f"<table>{''.join(rows)}</table>", f"<p>C = {_number(cost)}</p>"]
    for place, layer in enumerate(layers[1:], 2):
        raised = str(place).translate(_RAISED)
        before = str(place - 1).translate(_RAISED)
        cells = "".join(_row("td", map(_number, numbers)) for numbers in layer.v)
        parts.append(
            f"<p>V{raised} = (W{raised})ᵀ Diag(φ′(z{raised})), "
            f"so that ∂C/∂a{before} = V{raised} ∂C/∂a{raised}:</p><table>{cells}</table>"
        )
    return "".join(parts)


def as_latex(inputs: Array, cost: float, layers: Sequence[Any]) -> str:
    """Each layer's vectors in a line, then its matrices."""
    rows = [rf"a^{{0}} &= {_column(inputs)}"]
    for place, layer in enumerate(layers, 1):
        vectors = [
            (f"z^{{{place}}}", layer.z),
            (f"a^{{{place}}}", layer.a),
            (_slope(f"a^{{{place}}}"), layer.output_gradient),
            (rf"\delta^{{{place}}}", layer.delta),
        ]
        if layer.bias_gradient.size:
            vectors[-1] = rf"\delta^{{{place}}} = {_slope(f'b^{{{place}}}')}", layer.delta
        written = [f"{name} = {_column(vector)}" for name, vector in vectors]
        rows.append(r" \quad ".join(written).replace(" =", " &=", 1))
        rows.append(rf"{_slope(f'W^{{{place}}}')} &= {_matrix(layer.weight_gradient)}")
        if place > 1:
            rows[-1] += rf" \quad V^{{{place}}} = {_matrix(layer.v)}"
    rows.append(f"C &= {_tex(cost)}")
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _row(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _number(number: float) -> str:
    return format(number, DIGITS)


def _slope(by: str) -> str:
    return rf"\frac{{\partial C}}{{\partial {by}}}"


def _column(numbers: Array) -> str:
    return _matrix(np.reshape(numbers, (-1, 1)))


def _matrix(numbers: Array) -> str:
    rows = r" \\ ".join(" & ".join(map(_tex, row)) for row in numbers)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _tex(number: float) -> str:
    digits, _, exponent = _number(number).partition("e")
    text = digits.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    return rf"{text} \cdot 10^{{{int(exponent)}}}" if exponent else text
