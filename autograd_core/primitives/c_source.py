"""C99 of the forward functions, translated from the very Python that computes them eagerly.

What a primitive computes is written once, as plain Python on floats (`forward` and, below it,
`rounding` and `error_function`). This room turns those functions into C that gives the same bits,
for the native interpreter, while the package is built, and for exported programs. It knows neither
primitives nor programs, and imports nothing but the standard library: a build runs it by its path.

Python that has no C of the same meaning is refused with the line it stands on, never guessed at.
Numbers are C's doubles and ints: what `int()` and `ilogb` give is an int, as in the .pxd files, and
`libm.pxd` says which functions the C library has.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["HEADER", "KEYWORDS", "c_expression", "c_functions", "c_number"]

HEADER = "#include <math.h>\n"
"""What must stand above the functions."""

KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "auto break case char const continue default do double else enum extern float for goto if "
        "inline int long register restrict return short signed sizeof static struct switch typedef "
        "union unsigned void volatile while _Bool _Complex _Imaginary",
    )
)
"""C99's reserved words."""

SOURCES = Path(__file__).resolve().parent

# How tightly C binds, loosest first.
CHOICE, OR, AND, EQUAL, ORDERED, SUM, PRODUCT, SIGN, WHOLE = range(9)
ARITHMETIC = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
}
COMPARISONS = {
    ast.Lt: ("<", ORDERED),
    ast.LtE: ("<=", ORDERED),
    ast.Gt: (">", ORDERED),
    ast.GtE: (">=", ORDERED),
    ast.Eq: ("==", EQUAL),
    ast.NotEq: ("!=", EQUAL),
}


def c_functions(names: Iterable[str], prefix: str = "ag_", folder: Path = SOURCES) -> str:
    """C99 of `static double <prefix><name>(double, ...)` for forward functions, and what they need.

    `forward.py` and what it imports are read from the folder. Raises ValueError for a name that
    `forward.py` does not define or that takes any number of operands, and NotImplementedError for
    Python that is not translated.

    >>> print(c_functions(["sign"]))
    static double ag_sign(double x)
    {
        return (x > 0.0) ? 1.0 : (x < 0.0) ? -1.0 : x;
    }
    <BLANKLINE>
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", prefix):
        raise ValueError(f"prefix is {prefix!r}; it must begin a C identifier, like 'ag_'")
    translation = _Translation(Path(folder), prefix)
    for name in names:
        translation.function("forward", name)
    return "\n".join(translation.written.values())


def c_expression(name: str, operands: Sequence[str], folder: Path = SOURCES) -> str | None:
    """A forward function of C names or numbers as one expression; None where it is more than that.

    The expression needs the C library and nothing else. Raises what `c_functions` does, and
    ValueError for a wrong number of operands.

    >>> c_expression("div", ["a", "-2.0"]), c_expression("exp", ["a"]), c_expression("relu", ["a"])
    ('a / -2.0', 'exp(a)', None)
    """
    translation = _Translation(Path(folder), "")
    definition = translation.definition("forward", name)
    parameters = [argument.arg for argument in definition.args.args]
    if len(operands) != len(parameters):
        raise ValueError(
            f"{name} takes {len(parameters)} operands ({', '.join(parameters)}), not "
            f"{len(operands)} ({', '.join(operands)})"
        )
    only = _statements(definition)[0]
    if not isinstance(only, ast.Return) or any(
        isinstance(node, ast.IfExp | ast.Compare | ast.BoolOp) for node in ast.walk(only)
    ):
        return None
    body = _Body(translation, "forward", definition)
    for parameter, operand in zip(parameters, operands, strict=True):
        body.names[parameter] = _Term(operand, "double", SIGN if operand[0] == "-" else WHOLE)
    text = body.as_type("double", only.value).text if only.value else None
    return None if translation.written else text


def c_number(number: float) -> str:
    """A double as C writes it, to the last bit: Python's shortest digits are exact.

    >>> c_number(0.1), c_number(float("-inf")), c_number(3)
    ('0.1', '-INFINITY', '3.0')
    """
    return "NAN" if number != number else repr(float(number)).replace("inf", "INFINITY")


@functools.cache
def _parsed(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


@functools.cache
def _signatures(declarations: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The C library's functions as a .pxd declares them: what each gives, and what it takes."""
    text = declarations.read_text(encoding="utf-8")
    found = re.findall(r"^ +(double|int|bint) (\w+)\(([\w, ]+)\)$", text, re.MULTILINE)
    return {
        name: ("bool" if gives == "bint" else gives, tuple(takes.split(", ")))
        for gives, name, takes in found
    }


@functools.cache
def _plain_library(source: Path) -> Any:
    """libm.py itself: it computes the constants that a module takes from it."""
    spec = importlib.util.spec_from_file_location("_plain_libm", source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _statements(definition: ast.FunctionDef) -> list[ast.stmt]:
    described = ast.get_docstring(definition) is not None
    return definition.body[1:] if described else definition.body


def _refuse(place: str, node: ast.AST, why: str) -> NoReturn:
    first, *rest = ast.unparse(node).splitlines()
    where = f"{place}.py:{getattr(node, 'lineno', '?')}"
    raise NotImplementedError(
        f"{where}: `{first}{' …' if rest else ''}` is not translated to C: {why}; write it "
        "otherwise, or teach primitives/c_source.py to translate it"
    )


@dataclass(frozen=True)
class _Term:
    """A C expression, its type and its binding; a whole literal may be of either number type."""

    text: str
    type: str  # double, int, bool, whole (a literal), or table
    binding: int = WHOLE

    def bound(self, binding: int) -> str:
        """Its text, in parentheses if it binds less tightly than that."""
        return self.text if self.binding >= binding else f"({self.text})"


class _Translation:
    """The C written so far, by (module, name), in an order in which everything is known."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder, self.prefix = folder, prefix
        self.library = _signatures(folder / "libm.pxd")
        self.written: dict[tuple[str, str], str] = {}
        self.gives: dict[tuple[str, str], tuple[str, int]] = {}
        self._under_way: list[tuple[str, str]] = []

    def spelled(self, module: str, name: str) -> str:
        return f"{self.prefix}{name}" if module == "forward" else f"{self.prefix}{module}_{name}"

    def definition(self, module: str, name: str) -> ast.FunctionDef:
        for statement in _parsed(self.folder / f"{module}.py").body:
            if isinstance(statement, ast.FunctionDef) and statement.name == name:
                takes = statement.args
                if takes.vararg:
                    raise ValueError(
                        f"{module}.{name} takes any number of operands, and C functions here take "
                        "a fixed one: write its loop where it is needed"
                    )
                if takes.kwonlyargs or takes.kwarg or takes.defaults or statement.decorator_list:
                    _refuse(module, statement, "it takes more than operands by their position")
                return statement
        raise ValueError(f"{self.folder / module}.py defines no function {name!r}")

    def function(self, module: str, name: str) -> tuple[str, int]:
        """Write a function unless it is there; the type it gives and how many doubles it takes."""
        key = (module, name)
        if key not in self.written:
            definition = self.definition(module, name)
            if key in self._under_way:
                _refuse(module, definition, "it calls itself")
            self._under_way.append(key)
            body = _Body(self, module, definition)
            self.written[key] = body.function()
            self.gives[key] = body.gives, len(definition.args.args)
            self._under_way.pop()
        return self.gives[key]

    def constant(self, module: str, name: str) -> _Term | None:
        """A module's constant: a number or a table, written if it is not yet; None if none is."""
        values = [
            statement.value
            for statement in _parsed(self.folder / f"{module}.py").body
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name
        ]
        if not values:
            return None
        value = values[-1]
        if len(values) > 1:
            _refuse(module, value, f"{name} is assigned to twice and so is no constant")
        number = self._number(module, value)
        spelled = self.spelled(module, name)
        if isinstance(number, float):
            text = f"static const double {spelled} = {c_number(number)};\n"
        elif isinstance(number, tuple) and number:
            rows = [row if isinstance(row, tuple) else (row,) for row in number]
            if {type(x) for row in rows for x in row} != {float} or len(set(map(len, rows))) > 1:
                _refuse(module, value, "a table has rows of as many floats each")
            lines = [f"    {{{', '.join(map(c_number, row))}}},\n" for row in rows]
            size = f"[{len(rows)}][{len(rows[0])}]"
            text = f"static const double {spelled}{size} = {{\n{''.join(lines)}}};\n"
        else:
            _refuse(module, value, "a constant is a float or a table of floats")
        self.written.setdefault((module, name), text)
        return _Term(spelled, "double" if isinstance(number, float) else "table")

    def _number(self, module: str, value: ast.expr) -> object:
        try:
            if isinstance(value, ast.Call) and ast.unparse(value.func).startswith("libm."):
                name = ast.unparse(value.func).removeprefix("libm.")
                function = getattr(_plain_library(self.folder / "libm.py"), name)
                return function(*map(_literal, value.args))
            return _literal(value)
        except ValueError:
            _refuse(module, value, "a constant is a literal or the C library's function of some")


def _literal(value: ast.expr) -> Any:
    """What `ast.literal_eval` gives for numbers and tuples, without the cycles that it leaves."""
    if isinstance(value, ast.Constant):
        return value.value
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return -_literal(value.operand)
    if isinstance(value, ast.Tuple):
        return tuple(map(_literal, value.elts))
    raise ValueError("no literal")


class _Body:
    """One function: its statements in C, line by line, and the types of its variables."""

    def __init__(self, translation: _Translation, module: str, definition: ast.FunctionDef) -> None:
        self.whole, self.module, self.definition = translation, module, definition
        self.names: dict[str, _Term] = {}
        for argument in definition.args.args:
            self._declare(argument.arg, "double")
        self.assigned = set(self.names)
        self.ahead: list[str] = []
        # Whatever calls a forward function wants a double.
        self.gives = "double" if module == "forward" else ""

    def function(self) -> str:
        """The whole definition, its docstring's first line above it."""
        takes = ", ".join(f"double {self.names[a.arg].text}" for a in self.definition.args.args)
        lines, ends = self.block(_statements(self.definition), 1)
        if not ends:
            _refuse(self.module, self.definition, "it may end without returning a number")
        text = (ast.get_docstring(self.definition) or "").split("\n")[0]
        text = text.replace("*/", "* /").replace("/*", "/ *")
        return "\n".join(
            [
                *([f"/* {text} */"] if text else []),
                f"static {self.gives} {self.whole.spelled(self.module, self.definition.name)}"
                f"({takes or 'void'})",
                "{",
                *self.ahead,
                *lines,
                "}\n",
            ]
        )

    # Statements.
    def block(self, statements: Sequence[ast.stmt], depth: int) -> tuple[list[str], bool]:
        """The lines of some statements, and whether they always return."""
        lines: list[str] = []
        for place, statement in enumerate(statements):
            written, ends = self.statement(statement, depth)
            lines += ["    " * depth + line if line[0] != " " else line for line in written]
            if ends:
                if place + 1 < len(statements):
                    _refuse(self.module, statements[place + 1], "it is never reached")
                return lines, True
        return lines, False

    def statement(self, statement: ast.stmt, depth: int) -> tuple[list[str], bool]:
        if isinstance(statement, ast.Return) and statement.value is not None:
            value = self.term(statement.value)
            self.gives = self.gives or ("double" if value.type == "whole" else value.type)
            return [f"return {self.as_type(self.gives, statement.value).text};"], True
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            return self.assignment(statement.targets[0], statement.value, depth), False
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            name = ast.Name(statement.target.id, ast.Load())
            total = ast.BinOp(name, statement.op, statement.value)
            ast.copy_location(total, statement)
            sign, _ = self._sign(total)
            kind = self.as_type(self.term(name).type, total).type
            value = self.as_type(kind, statement.value)
            return [f"{self.term(name).text} {sign}= {value.text};"], False
        if isinstance(statement, ast.If):
            return self.choice(statement, depth)
        if isinstance(statement, ast.While) and not statement.orelse:
            condition = self.condition(statement.test)
            before = set(self.assigned)
            lines, _ = self.block(statement.body, depth + 1)
            self.assigned = before  # the body may never run
            return [f"while ({condition.text}) {{", *lines, "}"], False
        return _refuse(self.module, statement, "only assignments, if, while and return are")

    def choice(self, statement: ast.If, depth: int) -> tuple[list[str], bool]:
        condition = self.condition(statement.test)
        before = set(self.assigned)
        lines, ends = self.block(statement.body, depth + 1)
        lines = [f"if ({condition.text}) {{", *lines, "}"]
        after, self.assigned = self.assigned, before
        if not statement.orelse:
            return lines, False
        other, other_ends = self.block(statement.orelse, depth + 1)
        if ends:
            after = self.assigned
        elif not other_ends:
            after = after & self.assigned
        self.assigned = after
        return [*lines[:-1], "} else {", *other, "}"], ends and other_ends

    def assignment(self, target: ast.expr, value: ast.expr, depth: int) -> list[str]:
        """One name, or several at once: no name changes before every value that reads it is had."""
        if isinstance(target, ast.Name):
            return [self.assign(target, self.term(value), value, depth)]
        if not isinstance(target, ast.Tuple) or not all(
            isinstance(name, ast.Name) for name in target.elts
        ):
            return _refuse(self.module, target, "only names are assigned to")
        names = [name for name in target.elts if isinstance(name, ast.Name)]
        if len({name.id for name in names}) < len(names):
            _refuse(self.module, target, "a name is assigned to twice at once")
        values = self.elements(value, len(names))
        terms = [self.term(part) for part in values]  # all of them are read before any changes
        lines, late = [], []
        for place, (name, term, part) in enumerate(zip(names, terms, values, strict=True)):
            if name.id not in _names_in(values[place + 1 :]):
                lines.append(self.assign(name, term, part, depth))
                continue
            old = self.names[name.id]  # still read, so the new value waits
            text = self.as_type(old.type, part).text
            if (declared := f"    {old.type} new_{old.text};") not in self.ahead:
                self.ahead.append(declared)
            lines.append(f"new_{old.text} = {text};")
            late.append(f"{old.text} = new_{old.text};")
        return lines + late

    def elements(self, value: ast.expr, count: int) -> list[ast.expr]:
        """The expressions that make up a tuple: written out, chosen from two, or a table's row."""
        if isinstance(value, ast.Tuple) and len(value.elts) == count:
            return value.elts
        if isinstance(value, ast.IfExp):
            pairs = zip(
                self.elements(value.body, count), self.elements(value.orelse, count), strict=True
            )
            choices = [ast.IfExp(value.test, first, second) for first, second in pairs]
            return [ast.copy_location(choice, value) for choice in choices]
        if isinstance(value, ast.Subscript):
            places = [
                ast.Subscript(value, ast.Constant(place), ast.Load()) for place in range(count)
            ]
            return [ast.copy_location(place, value) for place in places]
        return _refuse(self.module, value, f"it is not known to have {count} elements")

    def assign(self, target: ast.Name, term: _Term, value: ast.expr, depth: int) -> str:
        declared = ""
        if target.id not in self.names:
            kind = "int" if term.type == "whole" else term.type
            if kind not in ("double", "int"):
                _refuse(self.module, value, f"a variable is a float or an int, not a {kind}")
            self._declare(target.id, kind)
            line = f"{kind} {self.names[target.id].text}"
            if depth == 1:
                declared = f"{kind} "
            else:  # first assigned in one branch: declared for them all
                self.ahead.append(f"    {line};")
        name = self.names[target.id]
        text = self.as_type(name.type, value).text
        self.assigned.add(target.id)
        return f"{declared}{name.text} = {text};"

    def _declare(self, name: str, kind: str) -> None:
        taken = name in KEYWORDS or name in self.whole.library or name.isupper()
        self.names[name] = _Term(f"{name}_" if taken else name, kind)

    # Expressions.
    def condition(self, node: ast.expr) -> _Term:
        return self.as_type("bool", node)

    def as_type(self, kind: str, node: ast.expr) -> _Term:
        """An expression where a double, an int or a truth value is asked for."""
        term = self.term(node)
        if kind == "double" and term.type == "whole":
            return _Term(f"{term.text}.0", "double", term.binding)
        if kind == "double" and term.type == "int":
            return _Term(f"(double){term.bound(SIGN)}", "double", SIGN)
        if term.type in ((kind, "whole") if kind == "int" else (kind,)):
            return _Term(term.text, kind, term.binding)
        return _refuse(self.module, node, f"a {kind} is asked for and this is a {term.type}")

    def term(self, node: ast.expr) -> _Term:
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Constant):
            return self.literal(node)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.IfExp):
            test = self.condition(node.test).bound(WHOLE)
            kind = self._common(node, [node.body, node.orelse])
            first = self.as_type(kind, node.body).bound(OR)
            return _Term(f"{test} ? {first} : {self.as_type(kind, node.orelse).text}", kind, CHOICE)
        if isinstance(node, ast.BoolOp):
            sign, binding = (" && ", AND) if isinstance(node.op, ast.And) else (" || ", OR)
            parts = [self.condition(part).bound(EQUAL) for part in node.values]
            return _Term(sign.join(parts), "bool", binding)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Call) and not node.keywords:
            return self.call(node)
        if isinstance(node, ast.Subscript):
            return self.element(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = self._constant(node.value.id, node.attr)
            if found is not None:
                return found
        return _refuse(self.module, node, f"expressions of the kind {type(node).__name__} are not")

    def name(self, node: ast.Name) -> _Term:
        if node.id in self.names:
            if node.id not in self.assigned:
                _refuse(self.module, node, "on some path it has no value yet")
            return self.names[node.id]
        found = self._constant(self.module, node.id)
        return found or _refuse(self.module, node, "it is neither a variable nor a constant")

    def _constant(self, module: str, name: str) -> _Term | None:
        known = (self.whole.folder / f"{module}.py").exists()
        return self.whole.constant(module, name) if known else None

    def literal(self, node: ast.Constant) -> _Term:
        if type(node.value) is int and node.value < 2**31:
            return _Term(str(node.value), "whole")
        if type(node.value) is float:
            return _Term(c_number(node.value), "double")
        return _refuse(self.module, node, "only floats and ints of 32 bits are literals")

    def arithmetic(self, node: ast.BinOp) -> _Term:
        sign, binding = self._sign(node)
        kind = self._common(node, [node.left, node.right])
        if kind == "int" and sign == "/":
            _refuse(self.module, node, "two ints divide differently in C")
        left, right = self.as_type(kind, node.left), self.as_type(kind, node.right)
        return _Term(f"{left.bound(binding)} {sign} {right.bound(binding + 1)}", kind, binding)

    def _sign(self, node: ast.BinOp) -> tuple[str, int]:
        found = ARITHMETIC.get(type(node.op))
        return found or _refuse(self.module, node, "of arithmetic, only + - * / are")

    def unary(self, node: ast.UnaryOp) -> _Term:
        if isinstance(node.op, ast.Not):
            return _Term(f"!{self.condition(node.operand).bound(SIGN)}", "bool", SIGN)
        term = self.term(node.operand)
        if not isinstance(node.op, ast.USub) or term.type not in ("double", "int", "whole"):
            return _refuse(self.module, node, "of signs, only a number's - is")
        if term.text[0] == "-":
            return _Term(f"-({term.text})", "int" if term.type == "whole" else term.type, SIGN)
        return _Term(f"-{term.bound(SIGN)}", term.type, SIGN)

    def comparison(self, node: ast.Compare) -> _Term:
        """A comparison or a chain of them; what stands in the middle of a chain is only a name."""
        parts, sides = [], [node.left, *node.comparators]
        if not all(isinstance(side, ast.Name | ast.Constant) for side in sides[1:-1]):
            _refuse(self.module, node, "what stands in the middle would be computed twice")
        for operation, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operation) not in COMPARISONS:
                _refuse(self.module, node, "of comparisons, only those of numbers are")
            sign, binding = COMPARISONS[type(operation)]
            kind = self._common(node, [left, right])
            if kind == "bool" and binding != EQUAL:
                _refuse(self.module, node, "truth has no order in C")
            texts = [self.as_type(kind, side).bound(SUM) for side in (left, right)]
            if kind == "bool":  # what the library calls true is any number but zero
                known = [isinstance(side, ast.Compare) for side in (left, right)]
                texts = [x if is_one else f"!!{x}" for x, is_one in zip(texts, known, strict=True)]
            parts.append(_Term(f"{texts[0]} {sign} {texts[1]}", "bool", binding))
        if len(parts) == 1:
            return parts[0]
        return _Term(" && ".join(part.bound(EQUAL) for part in parts), "bool", AND)

    def call(self, node: ast.Call) -> _Term:
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            module, name = function.value.id, function.attr
        elif isinstance(function, ast.Name) and function.id != "int":
            module, name = self.module, function.id
        elif isinstance(function, ast.Name) and len(node.args) == 1:
            number = self.as_type("double", node.args[0])
            return _Term(f"(int){number.bound(SIGN)}", "int", SIGN)
        else:
            _refuse(self.module, node, "only functions by their names are called")
        if module == "libm":
            if name not in self.whole.library:
                _refuse(self.module, node, "libm.pxd does not declare it")
            gives, takes = self.whole.library[name]
            spelled = name
        else:
            if not (self.whole.folder / f"{module}.py").exists():
                _refuse(self.module, node, f"there is no {module}.py beside {self.module}.py")
            gives, count = self.whole.function(module, name)
            takes, spelled = ("double",) * count, self.whole.spelled(module, name)
        if len(node.args) != len(takes):
            _refuse(self.module, node, f"it takes {len(takes)} operands")
        texts = [self.as_type(kind, x).text for kind, x in zip(takes, node.args, strict=True)]
        return _Term(f"{spelled}({', '.join(texts)})", gives)

    def element(self, node: ast.Subscript) -> _Term:
        """One number of a table, by its row and its place in the row."""
        row = node.value
        if not isinstance(row, ast.Subscript):
            return _refuse(self.module, node, "only tables have places: TABLE[row][place]")
        table = self.as_type("table", row.value)
        places = [self.as_type("int", place).text for place in (row.slice, node.slice)]
        return _Term(f"{table.text}[{places[0]}][{places[1]}]", "double")

    def _common(self, node: ast.expr, parts: Sequence[ast.expr]) -> str:
        """The type in which two numbers meet."""
        kinds = {self.term(part).type for part in parts}
        if len(kinds) == 1 and kinds != {"whole"}:
            return kinds.pop()
        if kinds <= {"double", "int", "whole"}:
            return "double" if "double" in kinds else "int"
        return _refuse(self.module, node, f"a {' and a '.join(sorted(kinds))} do not mix in C")


def _names_in(expressions: Iterable[ast.expr]) -> set[str]:
    nodes = (node for expression in expressions for node in ast.walk(expression))
    return {node.id for node in nodes if isinstance(node, ast.Name)}
