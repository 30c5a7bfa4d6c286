"""A scalar with a gradient in plain Python: what micrograd does, without its closures.

The measure of what an engine written in Python costs. A node holds its number, its parents and its
local gradients, and the sweep is iterative, so this is about as fast as such a class gets.
"""

from __future__ import annotations

import math

__all__ = ["PlainValue"]


class PlainValue:
    """A number, where it came from, and its gradient."""

    __slots__ = ("data", "grad", "local_gradients", "parents")

    def __init__(
        self,
        data: float,
        parents: tuple[PlainValue, ...] = (),
        local_gradients: tuple[float, ...] = (),
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.local_gradients = local_gradients

    def __add__(self, other: PlainValue | float) -> PlainValue:
        if isinstance(other, PlainValue):
            return PlainValue(self.data + other.data, (self, other), (1.0, 1.0))
        return PlainValue(self.data + other, (self,), (1.0,))

    def __mul__(self, other: PlainValue | float) -> PlainValue:
        if isinstance(other, PlainValue):
            return PlainValue(self.data * other.data, (self, other), (other.data, self.data))
        return PlainValue(self.data * other, (self,), (other,))

    def __pow__(self, exponent: float) -> PlainValue:
        out = self.data**exponent
        return PlainValue(out, (self,), (exponent * self.data ** (exponent - 1),))

    def __truediv__(self, other: PlainValue | float) -> PlainValue:
        if isinstance(other, PlainValue):
            out = self.data / other.data
            return PlainValue(out, (self, other), (1 / other.data, -out / other.data))
        return self * (1 / other)

    def __neg__(self) -> PlainValue:
        return PlainValue(-self.data, (self,), (-1.0,))

    def __sub__(self, other: PlainValue | float) -> PlainValue:
        return self + -other

    def __rsub__(self, other: float) -> PlainValue:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self) -> PlainValue:
        """eˣ."""
        out = math.exp(self.data)
        return PlainValue(out, (self,), (out,))

    def log(self) -> PlainValue:
        """The natural logarithm."""
        return PlainValue(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> PlainValue:
        """max(x, 0)."""
        if self.data > 0:
            return PlainValue(self.data, (self,), (1.0,))
        return PlainValue(0.0, (self,), (0.0,))

    def backward(self) -> None:
        """Add the derivatives to the gradients of all that this was computed from."""
        order: list[PlainValue] = []
        seen: set[PlainValue] = set()
        waiting: list[tuple[PlainValue, bool]] = [(self, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting += [(parent, False) for parent in node.parents]
        self.grad = 1.0
        for node in reversed(order):
            grad = node.grad
            for parent, local in zip(node.parents, node.local_gradients, strict=True):
                parent.grad += local * grad
