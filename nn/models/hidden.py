"""Hidden parameters: what a model holds where nothing has a place, found so as to be refused.

Functions hold what their closures and defaults hold; partials, bound methods, generators, sets, the
keys of dictionaries, the classes of a model's parts and objects that are no parts hold things as
well, all without a name that a state could keep. Whatever a model holds is looked into here,
through at most `MOST` things, and what has a place besides is let be.

Not looked into is where others' parameters stand: what in turn holds the model, Python's modules
and global variables, classes held as such, what weak references point at, what a cache has kept,
and objects of Python's library or of this package that are no containers, such as a logger, an
optimizer or a program.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, ModuleType, TracebackType
from typing import Any

from autograd_core import Value
from nn.models.places import (
    HOLDS_NOTHING,
    attributes,
    is_array,
    is_mapping,
    is_parameter,
    is_sequence,
)
from nn.options import is_unordered

__all__ = ["Held", "may_hide", "refuse_hidden"]

MOST = 5_000
ENDS = (type, ModuleType, CodeType, FrameType, TracebackType, BaseException)
CACHE = type(lru_cache(len))
PLAIN = {"builtins", "collections", "functools", "itertools", "operator", "types"}
"""The modules of Python's library whose objects hold what they were given, and no more."""
OWN = {__name__.partition(".")[0], Value.__module__.partition(".")[0]}
MAKERS = ("__init__", "__new__")  # whose defaults a model holds only where nothing else was given
ANNOTATE = ("__annotate__", "__annotate_func__")  # Python's own, which see all names of their class


Held = tuple[str, Any, bool]
"""Something that a model holds and that may hide something: its place, the thing, and whether it
is a part of the model, whose attributes have places."""


class _Place:
    """Somewhere to look: its name, the thing that is there, and what is inside.

    `owner` is the class whose attribute it is, if it is one's.
    """

    def __init__(
        self, name: str, thing: Any, inside: Iterable[Any], owner: type | None = None
    ) -> None:
        self.name = name
        self.thing = thing
        self.inside = inside
        self.owner = owner

    def complaint(self, model: str) -> str:
        what = f"a {type(self.thing).__name__}"
        if self.owner is not None:
            what = f"an attribute of the class {self.owner.__name__}"
        return (
            f"{self.name or 'this'} is {what} with parameters that stand nowhere else in the "
            f"{model}: {self._remedy()}; what is not to be trained, make a constant by .detach()"
        )

    def _remedy(self) -> str:
        if is_unordered(self.thing):
            return (
                "a set keeps no order, and their names would change from run to run; "
                "make it a list or a dictionary"
            )
        if self.owner is not None and not callable(self.thing):
            return "what a class holds is shared by all its instances; set it in __init__, on self"
        if is_mapping(self.thing):
            return "of a dictionary only the values have names; put them there"
        if is_sequence(self.thing):
            return "of a sequence only the items have names; put them there"
        if callable(self.thing) or _package(type(self.thing)) in PLAIN:
            return "keep them in attributes of the module besides"
        return f"derive {type(self.thing).__name__} from Module, or make it a data class"


def refuse_hidden(
    model: Any,
    held: Iterable[Held],
    seen: dict[int, Any],
    seen_in: Callable[[Any], dict[int, Any] | None],
) -> None:
    """Raises TypeError for a parameter of a model that is held in some thing and has no place.

    `seen` is what has one, by id; `seen_in` tells it of a module, and None of what is none.
    """
    search = _Search(model)
    for place in search.places(held):
        waiting = deque(place.inside)
        while waiting and len(search.entered) < MOST:
            thing = waiting.popleft()
            if type(thing) in HOLDS_NOTHING or id(thing) in seen or id(thing) in search.entered:
                continue
            if is_parameter(thing):
                raise TypeError(place.complaint(type(model).__name__))
            of_module = seen_in(thing)
            if of_module is not None and id(model) in of_module:
                seen.update(of_module)
            elif of_module is not None or may_hide(thing):
                waiting.extend(search.inside(thing))


def may_hide(thing: Any) -> bool:
    """Whether a thing that is no part of a model may hold parameters."""
    kind = type(thing)
    if kind in HOLDS_NOTHING or kind is Value or issubclass(kind, ENDS):
        return False
    if kind is FunctionType:
        return any((thing.__closure__, thing.__defaults__, thing.__kwdefaults__, vars(thing)))
    if _package(kind) in sys.stdlib_module_names and _package(kind) not in PLAIN:
        return False
    return all(_package(base) not in OWN for base in kind.__mro__)


class _Search:
    """What the things that a model holds hold themselves."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.entered: dict[int, Any] = {}  # kept, so that their ids are no others'
        self._of_classes: dict[type, dict[str, tuple[Any, type]]] = {}

    def places(self, held: Iterable[Held]) -> Iterator[_Place]:
        """The places to look into: of a part the attributes of its class first, one by one."""
        for name, thing, is_part in held:
            if is_part:
                for attribute, (shared, owner) in self._in_its_stead(thing).items():
                    place = f"{name}.{attribute}" if name else attribute
                    yield _Place(place, shared, [shared], owner)
            if is_part or may_hide(thing):
                yield _Place(name, thing, self.inside(thing))

    def inside(self, thing: Any) -> list[Any]:
        """What a thing holds, in no order; nothing if it holds the model as an attribute."""
        self.entered[id(thing)] = thing
        kind = type(thing)
        if kind is FunctionType:
            cells = gc.get_referents(*(thing.__closure__ or ()))
            named = (thing.__kwdefaults__ or {}).values()
            return [*cells, *(thing.__defaults__ or ()), *named, *vars(thing).values()]
        if kind is CACHE:
            return [thing.__wrapped__]
        if is_array(thing):
            return [thing.tolist()] if thing.dtype.hasobject else []
        inside = gc.get_referents(thing)
        if kind.__module__ in PLAIN or is_sequence(thing) or is_mapping(thing):
            return inside
        if any(each is self.model for each in attributes(thing).values()):
            return []
        return [*inside, *(shared for shared, _ in self._in_its_stead(thing).values())]

    def _in_its_stead(self, thing: Any) -> dict[str, tuple[Any, type]]:
        """What the class of a thing holds for it, by name, each with the class it stands in."""
        kind = type(thing)
        if kind not in self._of_classes:
            self._of_classes[kind] = _of_class(kind)
        shared = self._of_classes[kind]
        own = attributes(thing) if shared else ()
        return {name: where for name, where in shared.items() if name not in own}


def _of_class(kind: type) -> dict[str, tuple[Any, type]]:
    """What a class and its bases hold that may hide something."""
    found: dict[str, tuple[Any, type]] = {}
    for base in reversed(kind.__mro__):
        if _package(base) in OWN or _package(base) in sys.stdlib_module_names:
            continue
        for name, shared in vars(base).items():
            special = name.startswith("__") and name.endswith("__")
            if special and (name in MAKERS or name in ANNOTATE or not callable(shared)):
                continue
            found.pop(name, None)
            bare = type(shared) is FunctionType and not may_hide(shared)
            if type(shared) not in HOLDS_NOTHING and not bare:
                found[name] = shared, base
    return found


def _package(kind: type) -> str:
    return str(kind.__module__).partition(".")[0]
