"""The lines of one function of LLVM's text: new names, blocks, and numbers in memory.

Whoever writes a function says what it computes; here is how a vector of lanes is loaded, stored, or
made of one number.
"""

from __future__ import annotations

from autograd_core.program.backends.llvm.llvm_formulas import vector_type

__all__ = ["NUMBER", "FunctionLines"]

NUMBER = 8  # bytes


class FunctionLines:
    """Writes the lines of one function after another, on vectors of so many lanes."""

    def __init__(self, lanes: int) -> None:
        self._lanes, self._width = lanes, NUMBER * lanes
        self._type = vector_type(lanes)

    def _begin_lines(self) -> None:
        self._lines: list[str] = []
        self._emit = self._lines.append
        self._names = 0
        self._begin_block("entry")

    def _begin_block(self, label: str) -> None:
        self._block = label
        self._emit(f"{label}:")

    def _new(self) -> str:
        self._names += 1
        return f"%n{self._names}"

    def _address(self, base: str, offset: int) -> str:
        name = self._new()
        self._emit(f"{name} = getelementptr i8, ptr {base}, i64 {offset}")
        return name

    def _load(self, base: str, offset: int) -> str:
        address, name = self._address(base, offset), self._new()
        self._emit(f"{name} = load {self._type}, ptr {address}, align {self._width}")
        return name

    def _store(self, name: str, base: str, offset: int) -> None:
        address = self._address(base, offset)
        self._emit(f"store {self._type} {name}, ptr {address}, align {self._width}")

    def _spread(self, base: str, offset: int) -> str:
        """One number in all lanes."""
        address, name = self._address(base, offset), self._new()
        if self._lanes == 1:
            self._emit(f"{name} = load double, ptr {address}, align {NUMBER}")
        else:
            self._emit(
                f"{name}.s = load double, ptr {address}, align {NUMBER}\n"
                f"{name}.i = insertelement {self._type} poison, double {name}.s, i64 0\n"
                f"{name} = shufflevector {self._type} {name}.i, {self._type} poison, "
                f"<{self._lanes} x i32> zeroinitializer"
            )
        return name
