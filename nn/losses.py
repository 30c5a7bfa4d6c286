"""Losses: how far predictions are from their targets, as one Value to go down on.

A loss takes one sample's output and target, or a list of outputs and as many targets: structures of
one shape for the losses that compare number with number, logits and classes for those that
classify. Targets are numbers; while a program is recorded they may be arguments of it, which nobody
checks then. What overflows or cancels in the textbook form is written in one that does not.
Penalties on the size of the parameters stand at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from autograd_core import Value, sign, where
from autograd_core import sum as total
from nn.models.activations import log_sum_exp
from nn.options import choice, in_order, real
from nn.targets import (
    as_values,
    class_of,
    is_recorded,
    number_by_number,
    of_class,
    of_other_classes,
    row_by_row,
)

__all__ = [
    "Reduction",
    "absolute_error",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge",
    "huber",
    "l1",
    "l2",
    "negative_log_likelihood",
    "squared_error",
]

Reduction = Literal["mean", "sum", "half_sum"]
"""The mean over all numbers (of classifications: over all samples), their sum, or half of it."""


def squared_error(predictions: Any, targets: Any, reduction: Reduction = "mean") -> Value:
    """(ŷ - y)², in the three conventions of courses: `mean`, `sum`, and `half_sum`, ½ Σ (ŷ - y)².

    Raises ValueError if predictions and targets differ in shape, or for an unknown reduction.

    >>> squared_error([Value(1.0), Value(3.0)], [0.0, 1.0], "half_sum").data
    2.5
    """
    return _reduced(
        [(p - t).square() for p, t in number_by_number(predictions, targets)], reduction
    )


def absolute_error(predictions: Any, targets: Any, reduction: Reduction = "mean") -> Value:
    """|ŷ - y|. Raises ValueError as `squared_error` does.

    >>> absolute_error(Value(1.0), 3.0).data
    2.0
    """
    return _reduced([abs(p - t) for p, t in number_by_number(predictions, targets)], reduction)


def huber(
    predictions: Any, targets: Any, reduction: Reduction = "mean", *, delta: float = 1.0
) -> Value:
    """½ (ŷ - y)² up to a distance of delta, and from there on a straight line (Huber 1964).

    Raises ValueError unless delta > 0, and as `squared_error` does.

    >>> [huber(Value(y), 0.0).data for y in (0.5, 3.0)]
    [0.125, 2.5]
    """
    real(delta, "delta", above=0)
    terms = []
    for p, t in number_by_number(predictions, targets):
        distance = p - t
        near = distance.clamp(-delta, delta)
        terms.append(near * (distance - near * 0.5))
    return _reduced(terms, reduction)


def hinge(
    scores: Any, targets: Any, reduction: Reduction = "mean", *, margin: float = 1.0
) -> Value:
    """max(0, margin - y·s), the max-margin loss for classes y of +1 and -1.

    Raises ValueError for another target, and as `squared_error` does.

    >>> [hinge(Value(s), 1).data for s in (-1.0, 0.5, 2.0)]
    [2.0, 0.5, 0.0]
    """
    if not isinstance(margin, Value):
        real(margin, "margin")
    terms = []
    for score, target in number_by_number(scores, targets):
        if not is_recorded(target) and float(target) not in (1.0, -1.0):
            raise ValueError(
                f"hinge's targets are 1 and -1, got {target!r}; of 0 and 1 make 2y - 1"
            )
        terms.append((margin - score * target).relu())
    return _reduced(terms, reduction)


def binary_cross_entropy(probabilities: Any, targets: Any, reduction: Reduction = "mean") -> Value:
    """-(t log p + (1 - t) log(1 - p)) of probabilities, whose derivative is -t/p + (1-t)/(1-p).

    Several outputs are several labels, each true or not. A probability of exactly 0 or 1 that is
    wrong costs infinitely much; on logits that cannot happen.

    Raises ValueError for a target outside of [0, 1], and as `squared_error` does.

    >>> p = Value(0.25)
    >>> binary_cross_entropy(p, 1).backward(); p.grad
    -4.0
    """
    pairs = number_by_number(probabilities, targets)
    terms = [_mixed(t, p, lambda p: 0.0 - p.log(), lambda p: 0.0 - (-p).log1p()) for p, t in pairs]
    return _reduced(terms, reduction)


def binary_cross_entropy_with_logits(
    logits: Any, targets: Any, reduction: Reduction = "mean"
) -> Value:
    """The cross-entropy of σ(z), which neither overflows nor loses a small gradient.

    Raises ValueError for a target outside of [0, 1], and as `squared_error` does.

    >>> z = Value(1000.0)
    >>> binary_cross_entropy_with_logits(z, 0).backward(); z.grad
    1.0
    """
    pairs = number_by_number(logits, targets)
    terms = [_mixed(t, z, lambda z: (-z).softplus(), lambda z: z.softplus()) for z, t in pairs]
    return _reduced(terms, reduction)


def cross_entropy(logits: Any, targets: Any, reduction: Reduction = "mean") -> Value:
    """-log softmax(z)ₜ of the class t, or Σ tᵢ (-log softmax(z)ᵢ) where a target is a row.

    The form for a class is softplus(log Σ_{j≠t} exp zⱼ - zₜ): stable at ±1000, and exact in the
    small gradients of a sample that is classified well.

    Raises ValueError for a class that is none, a row of another length, or other numbers of
    samples and of targets; TypeError for what is no logit or no class.

    >>> z = [Value(1000.0), Value(-1000.0)]
    >>> cross_entropy(z, 0).data, cross_entropy(z, 1).data
    (0.0, 2000.0)
    """
    terms = []
    for row, target in row_by_row(logits, targets, "cross_entropy"):
        if isinstance(target, list | tuple):
            if len(target) != len(row):
                raise ValueError(
                    f"cross_entropy of {len(row)} logits needs {len(row)} shares, got {target!r}"
                )
            log_of_all = log_sum_exp(row)
            shares = zip(target, row, strict=True)
            terms.append(
                total([_weighted(log_of_all - z, share, "a share") for share, z in shares])
            )
        else:
            terms.append(_cross_entropy_of(row, class_of(target, len(row))))
    return _reduced(terms, reduction)


def _cross_entropy_of(row: Sequence[Any], target: Any) -> Any:
    if len(row) == 1:
        return sign(row[0]) * 0.0 + 0.0  # also of an infinite logit, and never -0
    return (log_sum_exp(of_other_classes(row, target)) - of_class(row, target)).softplus()


def negative_log_likelihood(
    log_probabilities: Any, targets: Any, reduction: Reduction = "mean"
) -> Value:
    """-log pₜ where the model gives log-probabilities, as `log_softmax` does.

    Raises as `cross_entropy` does.

    >>> negative_log_likelihood([Value(-0.5), Value(-1.5)], 1).data
    1.5
    """
    pairs = row_by_row(log_probabilities, targets, "negative_log_likelihood")
    terms = [0.0 - of_class(row, class_of(target, len(row))) for row, target in pairs]
    return _reduced(terms, reduction)


def l1(parameters: Iterable[Value], strength: float = 1.0) -> Value:
    """strength · Σ |p|, the penalty that drives parameters to 0 (lasso)."""
    sizes = [abs(parameter) for parameter in as_values(in_order(parameters, "the parameters"))]
    penalty: Value = _weighted(total(sizes), strength, "strength")
    return penalty


def l2(parameters: Iterable[Value], strength: float = 1.0) -> Value:
    """strength · Σ p², the penalty that keeps parameters small (ridge, weight decay).

    >>> l2([Value(3.0), Value(4.0)], 0.1).data
    2.5
    """
    squares = [
        parameter.square() for parameter in as_values(in_order(parameters, "the parameters"))
    ]
    penalty: Value = _weighted(total(squares), strength, "strength")
    return penalty


def _weighted(term: Any, weight: Any, name: str) -> Any:
    """weight · term, and 0 where the weight is 0, although the term may be infinite."""
    if isinstance(weight, Value):
        return where(weight <= 0, where(weight >= 0, 0.0, term * weight), term * weight)
    real(weight, name)
    return term * weight if weight else where(0.0, term, 0.0)


def _mixed(
    target: Any, x: Value, if_true: Callable[[Value], Value], if_false: Callable[[Value], Value]
) -> Value:
    """t · true + (1 - t) · false, without the term whose share is 0, which may be infinite."""
    if is_recorded(target):
        true, false = if_true(x), if_false(x)
        mixed = true * target + false * (1 - target)
        certain: Value = where(target >= 1, true, where(target <= 0, false, mixed))
        return certain
    share = float(target)
    if not 0 <= share <= 1:
        raise ValueError(f"a target of cross-entropy is a probability in [0, 1], got {target!r}")
    if share == 1:
        return if_true(x)
    if share == 0:
        return if_false(x)
    return if_true(x) * share + if_false(x) * (1 - share)


def _reduced(terms: list[Any], reduction: Reduction) -> Value:
    choice(reduction, "reduction", ("mean", "sum", "half_sum"))
    if not terms:
        raise ValueError("a loss of no samples: give at least one")
    added: Value = terms[0] if len(terms) == 1 else total(terms)
    if reduction == "half_sum":
        return added * 0.5
    return added / len(terms) if reduction == "mean" and len(terms) > 1 else added
