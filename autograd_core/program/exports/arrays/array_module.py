"""A whole Python module around a program in array form: what it takes, computes and gives.

Puts together what `array_writer` writes: the module's description, imports, constants, the short
functions that are used (`array_spelling`), and the function itself with its arguments taken apart
and its results put together.
"""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograd_core.graph.numbers import shown
from autograd_core.program.arrays.arrangement import Addresses, arranged
from autograd_core.program.code.flat import Floats
from autograd_core.program.exports.arrays.array_forms import given, in_words, key_text
from autograd_core.program.exports.arrays.array_library import Library
from autograd_core.program.exports.arrays.array_spelling import (
    builtins_in,
    functions,
    missing,
    spellings,
)
from autograd_core.program.exports.arrays.array_text import (
    WIDTH,
    Text,
    described,
    number,
    wrapped,
)
from autograd_core.program.exports.arrays.array_writer import ArrayWriter
from autograd_core.program.exports.arrays_of_forms import arrays, leaves
from autograd_core.program.exports.exported import (
    OF_THE_FILE,
    Exported,
    checked_name,
    spellings_for,
)
from autograd_core.program.signature.arguments import Numbers
from autograd_core.program.signature.recorded import Recorded

__all__ = ["to_arrays"]

MANY = 24  # runs of which an array of the result is joined
OWN = ["parameters", "constants", "batch", "numpy", "jax", "jnp", "torch", "math"]


def to_arrays(
    library: Library,
    recorded: Recorded,
    parameters: Floats,
    name: str = "function",
    own: Mapping[str, str] | None = None,
) -> Exported:
    """A program as the source of a library's function `name(*arguments, parameters)`.

    `own` spells primitives of the user's own. Raises ValueError for a name that is none or taken,
    BackendError for a primitive without a spelling, and TypeError for dictionaries whose keys a
    source cannot name, and for spellings that are no dictionary of texts. The library
    itself is not needed to write it.
    """
    if own is not None and not (
        isinstance(own, Mapping) and all(isinstance(text, str) for text in own.values())
    ):
        raise TypeError(
            f"spellings={shown(own)} of type {type(own).__name__} is no dictionary of texts; give "
            "{'name of a primitive': 'expression of its {operands}'}"
        )
    texts = functions(library)
    taken = {*OWN, *texts, *_words((own or {}).values())}
    name = checked_name(name, taken | builtins_in(library))
    known = spellings_for(recorded.code, library.title, spellings(library), missing, own)
    module = _Module(recorded, name, library, [*taken, name])
    body = module.body(known)
    constants = module.constants()
    needed = _used("\n".join([*constants, body]), texts)
    parts = [module.description(library.advice), *needed, *constants, body]
    imports = _imports("\n".join(parts[1:]), library)
    source = "\n\n\n".join([f"{parts[0]}\n\n{imports}", *parts[1:]]) + "\n"
    return Exported(source, name, library.name, parameters)


class _Module:
    """The parts of one module."""

    def __init__(
        self, recorded: Recorded, name: str, library: Library, taken: Sequence[str]
    ) -> None:
        self.code, self.recorded, self.name, self.library = recorded.code, recorded, name, library
        self.names = _identifiers(recorded.names, taken)
        self.leaves = [
            leaf
            for form, own in zip(recorded.arguments, self.names, strict=True)
            for leaf in leaves(form, own, own, key_text)
        ]
        self.vectors = self._vectors([*taken, *self.names])
        widths = [form.size for _, _, form in self.leaves]
        self.arrangement = arranged(self.code, widths, exact=False)
        self.takes = [*self.names, *(["parameters"] if self.code.captured else [])]
        self.all_arguments = (1 << len(self.leaves)) - 1
        self.writer: ArrayWriter

    def _vectors(self, taken: Sequence[str]) -> list[str]:
        """The variable of each array in the arguments; an argument that is one keeps its name."""
        nested = [name for name, path, _ in self.leaves if path != name]
        others = iter(_identifiers(nested, taken))
        return [name if path == name else next(others) for name, path, _ in self.leaves]

    def body(self, spellings: Mapping[int, str]) -> str:
        """The function."""
        self.writer = writer = ArrayWriter(self.arrangement, self.library, spellings)
        vectors = self.vectors
        writer.write(
            [
                *(
                    Text(vector, (form.size,), 1 << place)
                    for place, (vector, (_, _, form)) in enumerate(
                        zip(vectors, self.leaves, strict=True)
                    )
                ),
                Text("parameters", (self.code.captured,), 0),
                Text("constants", (len(self.arrangement.constants),), 0),
            ]
        )
        result = given(self.recorded.result, iter([text.text for text in self._outputs()]))
        lines = [*self._taken_apart(vectors), *writer.references.lines, f"return {result}"]
        head = f"{self.library.decorator}def {self.name}({', '.join(self.takes)}):"
        about = described(self._call())
        return "\n".join([head, *(wrapped(line) for line in [about, *lines])])

    def _taken_apart(self, vectors: Sequence[str]) -> Iterator[str]:
        """The lines that make a vector of every argument."""
        prefix = self.library.prefix
        for vector, (_, path, form) in zip(vectors, self.leaves, strict=True):
            if self.library.batched:
                sizes = "".join(f", {length}" for length in form.shape)
                yield f"{vector} = samples({path}{sizes})"
            else:
                yield f"{vector} = {prefix}.asarray({path}).reshape({form.size})"
        if self.code.captured:
            count = self.code.captured
            if self.library.batched:
                yield f"parameters = samples(parameters, {count})"
            else:
                yield f"parameters = {prefix}.asarray(parameters).reshape({count})"
        if self.writer.references.reads_constants:
            yield f"constants = {self._constants_like(['parameters', *vectors])}"
        if self.library.batched and any("batch" in line for line in self._spread):
            shapes = ", ".join(f"{vector}.shape[:-1]" for vector in vectors)
            yield f"batch = {prefix}.broadcast_shapes({shapes})"

    def _constants_like(self, names: Sequence[str]) -> str:
        given = [name for name in names if name != "parameters" or self.code.captured]
        return self.library.constants.format(like=given[0]) if given else "CONSTANTS"

    def _outputs(self) -> list[Text]:
        """Each array of the result as a vector."""
        found, first = [], 0
        self._spread: list[str] = []
        for form in arrays(self.recorded.result):
            addresses = self.arrangement.outputs[first : first + form.size]
            first += form.size
            found.append(self._shown(addresses, form))
        return found

    def _shown(self, addresses: Addresses, form: Numbers) -> Text:
        references, library = self.writer.references, self.library
        if form.size == 0:
            text = Text(f"{library.prefix}.zeros(0)", (0,), 0)
        else:
            text = references.at(addresses, few=MANY)
        if library.batched and self.leaves and text.arguments != self.all_arguments:
            spread = f"spread({text.text}, batch)"
            self._spread.append(spread)
            text = Text(spread, text.shape, self.all_arguments)
        if form.shape == ():
            last = "..., 0" if library.batched and text.arguments else "0"
            return Text(f"{text.text}[{last}]", (), text.arguments)
        return references.shaped(text, form.shape)

    def constants(self) -> list[str]:
        """The arrays of constants and of indices."""
        found = list(self.writer.references.constants)
        if self.writer.references.reads_constants:
            numbers = ", ".join(number(value, "numpy") for value in self.arrangement.constants)
            wrapped = textwrap.indent(textwrap.fill(numbers, WIDTH), "    ")
            found.insert(0, f"CONSTANTS = numpy.array([\n{wrapped}\n])")
        return ["\n".join(found)] if found else []

    def _mapped(self) -> str:
        axes = ["0"] * len(self.names) + ["None"] * bool(self.code.captured)
        return f"jax.vmap({self.name}, in_axes=({', '.join(axes)}{',' * (len(axes) == 1)}))"

    def _call(self) -> str:
        return f"{in_words(self.recorded.result)} of {', '.join(self.takes) or 'nothing'}."

    def description(self, advice: str) -> str:
        """What stands at the top of the file."""
        lines = [f"{self.name}: a program of autograd_core, for {self.library.title}.", ""]
        for name, form in zip(self.names, self.recorded.arguments, strict=True):
            lines.append(f"{name}: {in_words(form)}")
        if self.code.captured:
            count = in_words(Numbers((self.code.captured,)))
            lines.append(f"parameters: {count}, in the order of the program's captured leaves")
        lines += [f"result: {in_words(self.recorded.result)}", ""]
        lines += textwrap.wrap(advice.format(call=self._mapped()), WIDTH)
        steps = len(self.arrangement.steps)
        lines += ["", f"{len(self.code):,} instructions in {steps:,} operations of arrays."]
        return described("\n".join(lines) + "\n")


def _identifiers(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names as identifiers that differ from one another and from what is taken."""
    found: list[str] = []
    for name in names:
        own = re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
        if own[0].isdigit() or keyword.iskeyword(own) or re.fullmatch(r"[vwg]\d+", own):
            own = f"_{own}"
        if OF_THE_FILE.fullmatch(own):
            own = f"its_{own}"
        while own in taken or own in found:
            own += "_"
        found.append(own)
    return found


def _words(spelled: Iterable[str]) -> set[str]:
    """Everything in some spellings that may be a name, operands aside."""
    texts = (re.sub(r"{\w+}", "", text) for text in spelled)
    return {word for text in texts for word in re.findall(r"[^\W\d]\w*", text)}


def _used(body: str, texts: Mapping[str, str]) -> list[str]:
    """The functions that the body needs, in the order in which they are known."""
    wanted: set[str] = set()
    waiting = [body]
    while waiting:
        called = set(re.findall(r"\b([a-z_]\w*)\(", waiting.pop())) & set(texts) - wanted
        wanted |= called
        waiting += [texts[name] for name in called]
    return [text for name, text in texts.items() if name in wanted]


def _imports(text: str, library: Library) -> str:
    modules = {"math": "import math", "jax": "import jax", "jnp": "import jax.numpy as jnp"}
    modules |= {"numpy": "import numpy", "torch": "import torch"}
    own = {"math", "numpy", library.name, library.prefix}  # a key of a dictionary may name others
    lines = [
        line for name, line in modules.items() if name in own and re.search(rf"\b{name}\.", text)
    ]
    standard = [line for line in lines if line == "import math"]
    return "\n\n".join(filter(None, ["\n".join(standard), "\n".join(lines[len(standard) :])]))
