"""Module: a tree of parameters, which layers and models are made of.

It owns what every model shares: finding the parameters, naming them by where they stand, clearing
their gradients, switching between training and evaluation, and the tree that `repr` shows. It
computes nothing; `layers` does. What can hold parameters, and how places in it are called, is
`places`' business, what it holds where nothing has a place is `hidden`'s, reading and writing a
model's state is `state`'s, which is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Self

from autograd_core import Value
from nn.models.hidden import Held, refuse_hidden
from nn.models.places import HOLDS_NOTHING, attributes, is_parameter, is_part, places
from nn.options import flag

if TYPE_CHECKING:
    from nn.models.state import PathLike

__all__ = ["Module"]


class Module:
    """The base of everything that has parameters.

    A parameter is any leaf `Value` that has a place: in an attribute, slots among them, directly or
    in a module, list, tuple, deque, dictionary (its values), array of objects, data class or other
    object that has `parameters()`. Constants (`value.detach()`) are none.

    One that is held only where nothing has a place is a TypeError of `parameters()`, which says
    where and what to write: in a function's closure or defaults, a partial, a bound method, a
    generator, a set, a dictionary's keys, an attribute of the class, an object of another kind.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data, [name for name, _ in line.named_parameters()]
    (7.0, ['slope', 'offset'])
    >>> line.bend = lambda y, sharpness=Value(0.5): y.tanh() * sharpness
    >>> line.parameters()
    Traceback (most recent call last):
    ...
    TypeError: bend is a function with parameters that stand nowhere else in the Line: keep them ...
    """

    training: bool = True
    """Whether the module is being trained; `Dropout` asks. Set by train() and eval()."""

    def __call__(self, x: Any) -> Any:
        """The module's output for one sample; what a subclass is written for."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no __call__: write one that computes its output"
        )

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of the attributes.

        Raises TypeError for one that the module holds only where it has no place.
        """
        seen: dict[int, Any] = {}
        held: list[Held] = []
        found = [each for _, each in _members(self, seen, held) if type(each) is Value]
        refuse_hidden(self, held, seen, _seen_in)
        return found

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Every parameter with its place in the tree: `layers.0.neurons.3.weights.1`, say.

        Those that have no place are passed over; `parameters()` complains of them.
        """
        for name, member in _members(self, {}, []):
            if type(member) is Value:
                yield name, member

    def modules(self) -> Iterator[Module]:
        """This module and every module inside it, each once."""
        # As `_members` goes, without names and past the parameters: `train` is asked at every fit.
        seen: dict[int, Any] = {}
        waiting: list[Any] = [self]
        while waiting:
            member = waiting.pop()
            kind = type(member)
            if kind is Value or kind in HOLDS_NOTHING or id(member) in seen:
                continue
            seen[id(member)] = member
            if issubclass(kind, Module):
                yield member
                waiting.extend(reversed(attributes(member).values()))
            elif kind is list or kind is tuple:
                waiting.extend(reversed(member))
            else:
                waiting.extend(item for _, item in reversed(places("", member, False) or []))

    def name_parameters(self) -> None:
        """Give each parameter its place in the tree as its `name`, which drawings show."""
        for name, parameter in self.named_parameters():
            parameter.name = name

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def train(self, mode: bool = True) -> Self:
        """Switch the module and all inside it to training, or with False to evaluation.

        Raises TypeError for a mode that is neither True nor False.
        """
        flag(mode, "mode")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch the module and all inside it to evaluation."""
        return self.train(False)

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter by name.

        Raises ValueError for a parameter without a name: one that only a `parameters()` of the
        module's own knows.
        """
        return {name: parameter.data for name, parameter in self._by_name().items()}

    def load_state_dict(self, numbers: dict[str, float]) -> None:
        """Set every parameter from what `state_dict()` gave.

        Raises ValueError, and changes nothing, unless the names are those of this module.
        """
        from nn.models import state

        state.apply(self._by_name(), numbers, type(self).__name__)

    def _by_name(self) -> dict[str, Value]:
        named = dict(self.named_parameters())
        found = set(map(id, named.values()))
        others = [listed for listed in self.parameters() if id(listed) not in found]
        nameless = sum(map(is_parameter, others))
        if nameless:
            raise ValueError(
                f"{nameless} of the parameters of this {type(self).__name__} stand in none of its "
                "attributes and so have no name: keep them in attributes, or in lists or "
                "dictionaries that are attributes"
            )
        return named

    def save(self, path: PathLike, *, overwrite: bool = False) -> None:
        """Write the state to a JSON file, every number so that it reads back bit for bit.

        Raises FileExistsError if there is such a file and `overwrite` is not set.
        """
        from nn.models import state

        state.write(path, self.state_dict(), overwrite=overwrite)

    def load(self, path: PathLike) -> Self:
        """Set every parameter from a file that `save` wrote, and return the module.

        Raises DataError for a file that is none, and ValueError for one of another model.
        """
        from nn.models import state

        self.load_state_dict(state.read(path))
        return self

    def describe(self) -> str:
        """What `repr` says of the module besides its class and its number of parameters."""
        return ""

    def children(self) -> Iterable[tuple[str, Module]]:
        """The modules right below this one, with their names: the branches that `repr` shows."""
        return _first_modules(self)

    @recursive_repr()
    def __repr__(self) -> str:
        count = len(list(self.named_parameters()))
        what = ", ".join(
            filter(None, [self.describe(), f"{count:,} parameter{'s' * (count != 1)}"])
        )
        branches = [f"  {name}: {child!r}".replace("\n", "\n  ") for name, child in self.children()]
        return "\n".join([f"{type(self).__name__}({what})", *branches])


def _members(
    root: Any, seen: dict[int, Any], held: list[Held]
) -> Iterator[tuple[str, Value | Module]]:
    """Every parameter and module under the root, each once, depth first, with its place.

    On the way takes down what was seen, and what may hold others where nothing has a place.
    """
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        name, member = waiting.pop()
        kind = type(member)
        if kind in HOLDS_NOTHING or id(member) in seen:
            continue
        seen[id(member)] = member  # kept, so that its id is no other's
        is_module = issubclass(kind, Module)
        if is_module or is_parameter(member):
            yield name, member
        if kind is not Value:
            waiting.extend(reversed(places(name, member, is_module) or []))
            if kind is not list and kind is not tuple:
                held.append((name, member, is_module or is_part(member)))


def _seen_in(thing: Any) -> dict[int, Any] | None:
    """Whatever has a place in a module, by its id; None for what is no module."""
    if not issubclass(type(thing), Module):
        return None
    seen: dict[int, Any] = {}
    for _ in _members(thing, seen, []):
        pass
    return seen


def _first_modules(root: Module) -> Iterator[tuple[str, Module]]:
    """The modules below a module, none that stands in another of them, with their places."""
    entered: dict[int, Any] = {}
    waiting = list(reversed(places("", root, True) or []))
    while waiting:
        name, member = waiting.pop()
        if type(member) in HOLDS_NOTHING:
            continue
        if issubclass(type(member), Module):
            yield name, member
        elif type(member) is not Value and id(member) not in entered:
            entered[id(member)] = member
            waiting.extend(reversed(places(name, member, False) or []))
