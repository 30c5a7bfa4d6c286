"""The steps of an array form as lines of Python: one operation of arrays each.

A grid of instructions is an operation with axes of length 1 where operands are shared; dot products
that share them are products of matrices. The words for primitives are given (`array_spelling`),
those for operands are `array_references`'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy

from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.arrays.arrangement import (
    Addresses,
    Arrangement,
    ArrayOperation,
    Products,
)
from autograd_core.program.exports.arrays.array_library import Library
from autograd_core.program.exports.arrays.array_references import References
from autograd_core.program.exports.arrays.array_text import Text, atom

__all__ = ["ArrayWriter"]

STRONG_DOT, DOT = kind_of("strong_dot"), kind_of("dot")


class ArrayWriter:
    """Writes the steps of one arrangement for one library."""

    def __init__(
        self, arrangement: Arrangement, library: Library, spellings: Mapping[int, str]
    ) -> None:
        self.arrangement = arrangement
        self.library = library
        self.references = References(arrangement, library)
        self._spellings = spellings

    def write(self, arguments: Sequence[Text]) -> None:
        """All steps; `arguments` are the vectors that are given."""
        self.references.vectors += arguments
        for step in self.arrangement.steps:
            made = self._dots(step) if step.kind in (DOT, STRONG_DOT) else self._elementwise(step)
            flat = self.references.flat(made)
            self.references.vectors.append(
                self.references.define(flat.text, flat.shape, flat.arguments)
            )

    # Elementwise.

    def _elementwise(self, step: ArrayOperation) -> Text:
        row = ROWS[step.kind]
        assert row is not None
        axes = _axes(step.shape)
        spelling = self._spellings[step.kind]
        literal = self.library.literals or "(" not in spelling
        texts = [self._operand(addresses, axes, literal) for addresses in step.operands]
        shape = tuple(step.shape[axis] for axis in axes)
        if numpy.broadcast_shapes(*(text.shape for text in texts)) != shape:
            texts[0] = self._operand(numpy.broadcast_to(step.operands[0], step.shape), axes, False)
        named = dict(zip(row.operands, (text.text for text in texts), strict=True))
        return Text(spelling.format(**named), shape, _together(texts))

    def _operand(self, addresses: Addresses, axes: Sequence[int], literal: bool = False) -> Text:
        """An operand that broadcasts to a grid's axes (and to that of products, if there are)."""
        lengths = [addresses.shape[axis] for axis in axes]
        there = [length > 1 for length in lengths]
        if not any(there):
            own = self.references.at(addresses.reshape(1), literal)
            return self._single(own, axes)
        own = self.references.at(addresses.reshape([n for n in lengths if n > 1]))
        return self.references.expanded(own, there)

    def _single(self, own: Text, axes: Sequence[int]) -> Text:
        """A vector of one number, for a grid's axes."""
        return self.references.expanded(own, [False] * (len(axes) - 1) + [True])

    # Dot products.

    def _dots(self, step: ArrayOperation) -> Text:
        axes = _axes(step.shape)
        shape = tuple(step.shape[axis] for axis in axes)
        terms = [self._operand(addresses, axes, True) for addresses in step.operands]
        strong = step.kind == STRONG_DOT
        terms += [self._products(products, axes, strong) for products in step.products]
        zeros = [term for term in terms if term.text in ("0.0", "-0.0")]
        if len(terms) > len(zeros):
            terms = [term for term in terms if term not in zeros]
        if numpy.broadcast_shapes(*(term.shape for term in terms)) != shape:
            terms.append(self._zeros(shape))
        return Text(" + ".join(term.text for term in terms), shape, _together(terms))

    def _zeros(self, shape: tuple[int, ...]) -> Text:
        text = f"{self.library.prefix}.zeros({shape if len(shape) > 1 else shape[0]})"
        return Text(text, shape, 0)

    def _products(self, products: Products, axes: Sequence[int], strong: bool) -> Text:
        """Some products of each dot product, added up."""
        if products.length == 1:
            left = self._operand(products.left[..., 0], axes)
            if products.unit:
                return left
            right = self._operand(products.right[..., 0], axes)
            return _product(left, right, strong)
        if products.unit:
            return self._summed(self._factors(products.left, axes))
        x = [axis for axis in axes if products.left.shape[axis] > 1]
        y = [axis for axis in axes if products.right.shape[axis] > 1]
        found = None
        if not set(x) & set(y) and len(x) <= 1 and len(y) <= 1:
            found = self._matrices(products, x, y, strong)
        elif x != y and not strong:
            found = self._einsum(products, x, y)
        if found is not None:
            there = [axis in x or axis in y for axis in axes]
            if all(there) or len(axes) == 1:
                return found
            own = self.references.define(*found)
            return self.references.expanded(own, there) if any(there) else self._single(own, axes)
        left, right = self._factors(products.left, axes), self._factors(products.right, axes)
        return self._summed(_product(left, right, strong))

    def _factors(self, addresses: Addresses, axes: Sequence[int]) -> Text:
        """Factors that broadcast to the grid's axes and that of the products."""
        there = [addresses.shape[axis] > 1 for axis in axes]
        return self.references.expanded(self._compact(addresses), [*there, True])

    def _compact(self, addresses: Addresses) -> Text:
        lengths = [length for length in addresses.shape[:-1] if length > 1]
        return self.references.at(addresses.reshape(*lengths, addresses.shape[-1]))

    def _summed(self, of: Text) -> Text:
        text = atom(of.text)
        if len(of.shape) > 1:
            return Text(f"{text}.sum(-1)", of.shape[:-1], of.arguments)
        return Text(f"{text}.sum(-1){self._new_axis(of.arguments)}", (1,), of.arguments)

    def _new_axis(self, arguments: int) -> str:
        return "[..., None]" if self.library.batched and arguments else "[None]"

    def _matrices(
        self, products: Products, x: Sequence[int], y: Sequence[int], strong: bool
    ) -> Text | None:
        """Products of matrices or vectors, or None: of batches of both, with strong zeros."""
        left, right = self._compact(products.left), self._compact(products.right)
        arguments = left.arguments | right.arguments
        shape = (*left.shape[:-1], *right.shape[:-1])
        turned = bool(x and y and x[0] > y[0])
        if strong:
            if right.arguments or not y:
                return None
            made = Text(f"strong_dots({left.text}, {right.text})", shape, arguments)
            return self.references.transposed(made) if turned else made
        if x and y:
            first, second = (right, left) if turned else (left, right)
            other = self.references.transposed(second)
            return Text(f"{first.text} @ {other.text}", shape[::-1] if turned else shape, arguments)
        if not x and not y:
            if left.arguments and right.arguments and self.library.batched:
                return None
            text = f"({left.text} @ {right.text}){self._new_axis(arguments)}"
            return Text(text, (1,), arguments)
        matrix, vector = (left, right) if x else (right, left)
        if not self.library.batched:
            text = f"{matrix.text} @ {vector.text}"
        elif not matrix.arguments:
            text = f"{vector.text} @ {self.references.transposed(matrix).text}"
        elif not vector.arguments:
            text = f"{matrix.text} @ {vector.text}"
        else:
            text = f"({matrix.text} @ {vector.text}[..., None])[..., 0]"
        return Text(text, shape, arguments)

    def _einsum(self, products: Products, x: Sequence[int], y: Sequence[int]) -> Text:
        left, right = self._compact(products.left), self._compact(products.right)
        arguments = left.arguments | right.arguments
        more = "..." if self.library.batched and arguments else ""
        both = sorted({*x, *y})
        letters = ["".join("ijk"[axis] for axis in own) for own in (x, y, both)]
        pattern = f"{more}{letters[0]}s,{more}{letters[1]}s->{more}{letters[2]}"
        text = f'{self.library.prefix}.einsum("{pattern}", {left.text}, {right.text})'
        lengths = [max(products.left.shape[axis], products.right.shape[axis]) for axis in both]
        return Text(text, tuple(lengths), arguments)


def _axes(shape: Sequence[int]) -> list[int]:
    """The axes of a grid that have a length; at least one."""
    return [axis for axis, length in enumerate(shape) if length > 1] or [0]


def _together(texts: Sequence[Text]) -> int:
    arguments = 0
    for text in texts:
        arguments |= text.arguments
    return arguments


def _product(left: Text, right: Text, strong: bool) -> Text:
    shape = tuple(numpy.broadcast_shapes(left.shape, right.shape))
    arguments = left.arguments | right.arguments
    if strong:
        return Text(f"strong_product({left.text}, {right.text})", shape, arguments)
    return Text(f"{left.text} * {right.text}", shape, arguments)
