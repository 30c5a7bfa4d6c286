"""`check`: an answer held against what the engine knows, and said in words what is wrong with it.

This module owns how answers are compared and the verdict. What is right, and what slips give, is
`truths`'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from autograd_core.exercises.truths import (
    NEARLY,
    ROUNDED,
    Answers,
    Truth,
    close,
    normal_name,
    of_number,
)
from autograd_core.given import got, shown
from autograd_core.graph.value import Value

__all__ = ["Exercise", "Verdict"]


@dataclass(frozen=True, repr=False)
class Verdict:
    """Whether an answer is right, as its truth value, and what there is to say."""

    right: bool
    words: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.words


class Exercise:
    """Questions and, from the engine, their answers: call it with a name and an answer.

    Of a graph it knows every value by its name and every derivative ∂a/∂b of its nodes, with the
    slips that are easily made. More questions come as a dictionary: numbers, lists of numbers,
    words, True or False, sets.

    Raises TypeError where neither a graph nor questions are given, or an answer is none of these,
    ValueError for a question that is asked twice.

    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> check = Exercise((x + y).named("q") * z, {"how many leaves?": 3})
    >>> check("q", 3)
    right
    >>> check("∂f/∂x", 4), check("∂f/∂x", 1)
    (the sign is turned, that is the local gradient ∂q/∂x: multiply it by ∂f/∂q)
    >>> check("how many leaves?", ...)
    no answer yet: put yours in the place of ...
    """

    def __init__(
        self, graph: Value | Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None
    ) -> None:
        given: list[tuple[Any, Any]] = [(graph, Value | Mapping), (more, Mapping)]
        for asked, kinds in given:
            if asked is not None and not isinstance(asked, kinds):
                raise TypeError(
                    "an exercise takes a Value to ask about, and more questions as a dictionary "
                    f"with their answers, {got(asked)}"
                )
        if graph is None and not more:
            raise TypeError("an exercise needs a Value to ask about, or questions with answers")
        self._graph = Answers(graph) if isinstance(graph, Value) else None
        asked = [*({} if isinstance(graph, Value) else graph or {}).items(), *(more or {}).items()]
        self._truths = {normal_name(_word(name)): _checked(name, truth) for name, truth in asked}
        if len(self._truths) < len(asked):
            raise ValueError(f"a question is asked twice, among {', '.join(n for n, _ in asked)}")

    @property
    def questions(self) -> list[str]:
        """The names of everything that can be asked."""
        return [*(self._graph.names() if self._graph is not None else ()), *self._truths]

    def __call__(self, name: str, answer: Any) -> Verdict:
        """What there is to say of an answer; ValueError for a question that is not known."""
        truth = self._truth(_word(name).strip())
        if truth is None:
            truth = self._truth(normal_name(name))
        if truth is None:
            known = self.questions
            near = get_close_matches(normal_name(name), known, 3) or known[:6]
            raise ValueError(f"{name!r} is no question here; there are {', '.join(near)} …")
        if answer is None or answer is ...:
            return Verdict(False, "no answer yet: put yours in the place of ...")
        return _judged(truth, answer)

    def _truth(self, name: str) -> Any:
        if name in self._truths:
            return self._truths[name]
        return None if self._graph is None else self._graph.get(name)

    def __repr__(self) -> str:
        return f"<Exercise of {len(self.questions)} questions: check(name, answer)>"


def _word(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a question is asked by its name, a str, {got(name)}")
    return name


def _checked(name: str, truth: Any) -> Any:
    """A right answer, of a kind that can be asked for; TypeError for another."""
    if type(truth).__name__ in ("bool", "bool_"):  # NumPy's too
        return bool(truth)
    if isinstance(truth, str | Set | Truth):
        return truth
    try:
        if hasattr(truth, "__float__") and not hasattr(truth, "__len__"):
            return float(truth)
        _flat(truth)
    except (RecursionError, TypeError, ValueError):
        raise TypeError(
            f"the answer to {name!r} must be a number, a list of numbers, a word, True or False, "
            f"or a set, {got(truth)}"
        ) from None
    return truth


def _judged(truth: Any, answer: Any) -> Verdict:
    if isinstance(truth, Truth):
        return _number(truth, answer)
    if isinstance(truth, bool | str):
        return _exactly(truth, answer)
    if isinstance(truth, Set):
        return _set(truth, answer)
    if isinstance(truth, float):
        return _number(of_number(truth), answer)
    return _list(truth, answer)


def _number(truth: Truth, answer: Any) -> Verdict:
    if isinstance(answer, str | bool) or not hasattr(answer, "__float__"):
        return Verdict(False, f"a number is asked for, got {shown(answer)}")
    given = _double(answer)
    if close(given, truth.value):
        return Verdict(True, "right")
    for value, words in truth.slips:
        if close(given, value):
            return Verdict(False, words)
    if close(given, truth.value, ROUNDED):
        return Verdict(True, f"right, but for rounding: {truth.value:.6g}")
    for value, words in truth.slips:
        if value and close(given, value, ROUNDED):
            return Verdict(False, words)
    if truth.value and given * truth.value < 0:
        return Verdict(False, "not yet: neither the size nor the sign is right")
    if math.isnan(given):
        return Verdict(False, "nan is no number: something was divided by 0 or went astray")
    size = "large" if abs(given) > abs(truth.value) else "small"
    if close(given, truth.value, NEARLY):
        return Verdict(False, f"nearly: its size is a little too {size}; give more digits")
    return Verdict(False, f"not yet: its size is too {size}")


def _exactly(truth: bool | str, answer: Any) -> Verdict:
    if type(answer).__name__ in ("bool", "bool_"):  # NumPy's too
        answer = bool(answer)
    if type(answer) is not type(truth):
        kind = "True or False" if isinstance(truth, bool) else "a word"
        return Verdict(False, f"{kind} is asked for, got {shown(answer)}")
    same = str(answer).strip().lower() == str(truth).lower()
    return Verdict(same, "right" if same else "no: think again")


def _set(truth: Set[Any], answer: Any) -> Verdict:
    try:
        given = set(answer)
    except TypeError:
        return Verdict(False, f"a set such as {{1, 2}} is asked for, got {shown(answer)}")
    extra, absent = len(given - truth), len(truth - given)
    if not extra and not absent:
        return Verdict(True, "right")
    faults = [f"{count} too {many}" for count, many in ((extra, "many"), (absent, "few")) if count]
    return Verdict(False, "not yet: " + " and ".join(faults))


def _list(truth: Any, answer: Any) -> Verdict:
    """Numbers in their order, nested lists read row by row."""
    wanted, shape = _flat(truth)
    try:
        given, got = _flat(answer)
    except (TypeError, ValueError):
        return Verdict(False, f"{len(wanted)} numbers are asked for, got {shown(answer)}")
    if -1 in got:
        return Verdict(False, "its rows are of different lengths")
    if got != shape:
        words = "it is transposed" if got == shape[::-1] else "the shape is not right"
        asked, found = (" × ".join(map(str, sides)) for sides in (shape, got))
        return Verdict(False, f"{words}: {asked} numbers are asked for, got {found}")
    verdicts = [_number(of_number(a), b) for a, b in zip(wanted, given, strict=True)]
    wrong = [(place, each) for place, each in enumerate(verdicts, 1) if not each]
    if not wrong:
        rounded = all(close(a, b) for a, b in zip(wanted, given, strict=True))
        return Verdict(True, "right" if rounded else "right, but for rounding")
    if len(wrong) == len(wanted) and len({each.words for _, each in wrong}) == 1:
        return Verdict(False, f"everywhere {wrong[0][1].words}")
    if len(shape) == 2 and shape[0] == shape[1]:
        turned = [given[row + shape[0] * column] for row in range(shape[0])
                  for column in range(shape[0])]  # fmt: skip
        if all(close(a, b) for a, b in zip(wanted, turned, strict=True)):
            return Verdict(False, "it is transposed")
    place, first = wrong[0]
    return Verdict(False, f"number {place} of {len(wanted)}: {first.words}")


def _flat(numbers: Any) -> tuple[list[float], tuple[int, ...]]:
    if hasattr(numbers, "tolist"):
        numbers = numbers.tolist()
    if isinstance(numbers, str | Mapping | Set) or not hasattr(numbers, "__len__"):
        raise TypeError
    rows = list(numbers)
    if rows and hasattr(rows[0], "__len__") and not isinstance(rows[0], str):
        parts = [_flat(row) for row in rows]
        shapes = {shape for _, shape in parts}
        inner = shapes.pop() if len(shapes) == 1 else (-1,)
        return [number for flat, _ in parts for number in flat], (len(rows), *inner)
    return [_double(number) for number in rows], (len(rows),)


def _double(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # a whole number beyond the doubles
        return math.inf if number > 0 else -math.inf
