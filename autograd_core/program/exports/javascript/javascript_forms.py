"""What an exported function takes and gives, in JavaScript: arrays, objects, and their types.

A tuple or a list is an array, a dictionary an object, an array of numbers anything with a length
and numbers in it; what comes back as an array of numbers is a Float64Array, of more axes an array
of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from autograd_core.primitives.translation.javascript_source import KEYWORDS
from autograd_core.program.signature.arguments import Form, Numbers

__all__ = ["FUNCTIONS", "given", "identifiers", "key_text", "taken", "type_of"]

FUNCTIONS = {
    "take_number": """\
function take_number(x, what) {
    if (typeof x !== "number") {
        throw new TypeError(`${what} must be a number; got ${String(x)}`);
    }
    return x;
}
""",
    "take_numbers": """\
function take_numbers(x, length, what) {
    if (x == null || x.length !== length) {
        const found = x == null || x.length === undefined ? String(x) : `${x.length}`;
        throw new RangeError(`${what} must hold ${length} numbers; got ${found}`);
    }
    if (!(x instanceof Float64Array)) {
        for (let i = 0; i < length; i++) {
            take_number(x[i], `${what}[${i}]`);
        }
    }
    return x;
}
""",
    "take_rows": """\
/** Rows of numbers, or all of them one after another in a Float64Array, as the latter. */
function take_rows(x, shape, what) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (x instanceof Float64Array && x.length === size) {
        return x;
    }
    const flat = new Float64Array(size);
    let place = 0;
    const fill = (part, axis, where) => {
        if (axis === shape.length - 1) {
            flat.set(take_numbers(part, shape[axis], where), place);
            place += shape[axis];
            return;
        }
        if (part == null || part.length !== shape[axis]) {
            throw new RangeError(`${where} must hold ${shape[axis]} rows; got ${String(part)}`);
        }
        for (let i = 0; i < shape[axis]; i++) {
            fill(part[i], axis + 1, `${where}[${i}]`);
        }
    };
    fill(x, 0, what);
    return flat;
}
""",
    "give_rows": """\
/** A Float64Array as rows of another shape, which share its memory. */
function give_rows(flat, shape) {
    if (shape.length === 1) {
        return flat;
    }
    const step = shape.slice(1).reduce((product, length) => product * length, 1);
    return Array.from({ length: shape[0] }, (_, i) =>
        give_rows(flat.subarray(i * step, (i + 1) * step), shape.slice(1)));
}
""",
}
"""What a file may need to take arguments and to give results, by name."""

OF_THE_FILE = re.compile(r"(ag|libm|take|give|part)_\w*|[vr]\d+(_\w*)?|__\w*|parameters")


def taken(name: str) -> bool:
    """Whether a file or JavaScript has a name for itself."""
    return name in KEYWORDS or OF_THE_FILE.fullmatch(name) is not None


def identifiers(names: list[str], others: list[str]) -> list[str]:
    """The names as identifiers that differ from one another and from others."""
    found: list[str] = []
    for name in names:
        own = name if name.isidentifier() else re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
        if own[0].isdigit() or taken(own):
            own = f"its_{own}"
        while own in found or own in others:
            own += "_"
        found.append(own)
    return found


def given(form: Form, texts: Iterator[str]) -> str:
    """A result, put together of the expressions of its arrays."""
    if isinstance(form, Numbers):
        return next(texts)
    children = [given(child, texts) for child in form.children]
    if form.kind is not dict:
        return f"[{', '.join(children)}]"
    if len({str(key) for key in form.keys}) < len(form.keys):
        raise TypeError(
            f"the keys {list(form.keys)!r} are the same to JavaScript, whose objects have strings "
            "for keys: let the keys differ as strings"
        )
    pairs = zip(form.keys, children, strict=True)
    # In brackets: `__proto__` would else be no key.
    return "{ " + ", ".join(f"[{key_text(key)}]: {child}" for key, child in pairs) + " }"


def key_text(key: Any) -> str:
    """A key as JavaScript writes it, without what a page or a comment might read as its end."""
    if type(key) is int:
        return str(key) if key >= 0 else f'"{key}"'
    if type(key) is not str:
        raise TypeError(
            f"a dictionary's key is {key!r} of type {type(key).__name__}, which JavaScript's "
            "objects do not have: let the keys be strings or whole numbers"
        )
    return json.dumps(key).replace("<", "\\u003c").replace("*/", "*\\/")


def type_of(form: Form, comes_back: bool = False) -> str:
    """The type for JSDoc, as TypeScript reads it."""
    if isinstance(form, Numbers):
        if form.shape == ():
            return "number"
        text = "Float64Array" if comes_back else "ArrayLike<number>"
        for _ in form.shape[1:]:
            text = f"{text}[]" if comes_back else f"ArrayLike<{text}>"
        return text if comes_back or len(form.shape) == 1 else f"Float64Array | {text}"
    parts = [type_of(child, comes_back) for child in form.children]
    if form.kind is not dict:
        return f"[{', '.join(parts)}]"
    pairs = zip(form.keys, parts, strict=True)
    return "{" + ", ".join(f"{_key_in_comment(key)}: {part}" for key, part in pairs) + "}"


def _key_in_comment(key: Any) -> str:
    """A key as a type's, of letters that no comment reads as anything else."""
    if type(key) is int:
        return key_text(key)
    units = key.encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
    letters = (chr(int(unit, 16)) for unit in units)
    plain = (x if re.fullmatch(r"[ \w.-]", x, re.ASCII) else f"\\u{ord(x):04x}" for x in letters)
    return f'"{"".join(plain)}"'
