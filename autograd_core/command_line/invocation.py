"""What may be asked on the command line, and the help that says so.

This module turns arguments into a checked `Request`; it computes and writes nothing.
"""

from __future__ import annotations

import argparse
import ast
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd_core.command_line import expression
from autograd_core.graph.value import Value

__all__ = ["EXAMPLE", "Request", "UsageError", "understand"]

EXAMPLE = ["(x + y) * z", "x=-2", "y=5", "z=-4", "--out", "f.svg"]
DESCRIPTION = """\
Compute an expression, differentiate it, and show how: as a table, a derivation, a tree, a picture.
"""
EXAMPLES = """\
examples:
  python -m autograd_core "(x + y) * z" x=-2 y=5 z=-4
  python -m autograd_core "x * sin(y)" x=2 y=3 --explain
  python -m autograd_core "tanh(w*x + b)" w=0.5 x=2 b=-1 --tree --out neuron.png
  python -m autograd_core "(x + y) * z" x=-2 y=5 z=-4 --out steps.html
  python -m autograd_core "x**2 * y" x=2 y=3 --order 2
  python -m autograd_core "exp(x) / x" x=1.5 --json | python -m json.tool

Without arguments the first example runs and is drawn into f.svg.
"""


class UsageError(Exception):
    """What was asked cannot be done; the message is the one line the user sees."""


@dataclass(frozen=True)
class Request:
    """Everything that was asked for, checked."""

    text: str
    tree: ast.expr
    variables: dict[str, Value]
    wrt: list[str]
    out: Path | None
    force: bool
    style: str | None
    theme: str | None
    explain: bool
    show_tree: bool
    second_order: bool
    json: bool
    is_example: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}; see --help")

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="", file=file)  # argparse says nothing of a full disk


def _parser() -> _Parser:
    functions = textwrap.fill(
        ", ".join(expression.FUNCTIONS), 76, initial_indent="  ", subsequent_indent="  "
    )
    parser = _Parser(
        prog="python -m autograd_core",
        usage="python -m autograd_core EXPRESSION [name=number ...] [options]",
        description=DESCRIPTION,
        epilog=f"functions:\n{functions}\n\n{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    what = parser.add_argument_group("what to compute")
    what.add_argument("expression", metavar="EXPRESSION", help='arithmetic, as "(x + y) * z"')
    what.add_argument("variables", nargs="*", metavar="name=number", help="as x=-2 y=5 z=-4")
    what.add_argument(
        "--wrt", metavar="x,y", help="differentiate by these; the others are constants"
    )
    what.add_argument(
        "--order", choices=("1", "2"), default="1", help="2: the second derivatives too"
    )
    how = parser.add_argument_group("how to print it (a table unless told)")
    how.add_argument("--explain", action="store_true", help="derive the gradient line by line")
    how.add_argument("--tree", action="store_true", help="the graph as a tree")
    how.add_argument("--json", action="store_true", help="everything as one JSON object")
    drawn = parser.add_argument_group("how to draw it")
    drawn.add_argument(
        "--out",
        metavar="FILE",
        help="write a picture (.svg, .png; others by Graphviz), a page to step through (.html), an "
        "animation (.gif, .apng), the graph as .dot, .mmd (Mermaid) or .json, the derivation as "
        ".tex",
    )
    drawn.add_argument("--style", choices=("modern", "classic"), help="of the picture")
    drawn.add_argument("--theme", choices=("light", "dark"), help="of the picture")
    drawn.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    drawn.add_argument("-h", "--help", action="help", help="show this and stop")
    return parser


def understand(asked: Sequence[str]) -> Request:
    """The request in the arguments; UsageError or ExpressionError where there is none.

    `--help` prints the help and raises SystemExit.
    """
    is_example = all(argument == "--force" for argument in asked)
    # A negative number in "x=-2" is no option, and an expression may begin with a minus.
    arguments = [*EXAMPLE, *asked] if is_example else list(asked)
    options = _parser().parse_intermixed_args(_protected(arguments))
    text = options.expression.removeprefix(" ")
    tree = expression.parse(text)
    names = expression.names_in(tree)
    numbers = _numbers(options.variables, names)
    wrt = _wrt(options.wrt, names)
    if options.json and (options.explain or options.tree):
        raise UsageError("--json prints everything in one object; leave --explain and --tree out")
    out = None if options.out is None else Path(options.out)
    if out is None and (options.style or options.theme or (options.force and not is_example)):
        unused = "--style" if options.style else "--theme" if options.theme else "--force"
        raise UsageError(f"{unused} needs --out FILE")
    return Request(
        text=" ".join(text.split()),
        tree=tree,
        variables={name: _variable(name, numbers[name], name in wrt) for name in numbers},
        wrt=wrt,
        out=out,
        force=options.force,
        style=options.style,
        theme=options.theme,
        explain=options.explain,
        show_tree=options.tree,
        second_order=options.order == "2",
        json=options.json,
        is_example=is_example,
    )


def _protected(asked: Sequence[str]) -> list[str]:
    """An expression may begin with a minus; a space keeps argparse from taking it for an option."""
    return [
        f" {argument}"
        if argument.startswith("-") and argument != "-h" and not argument.startswith("--")
        else argument
        for argument in asked
    ]


def _numbers(given: Sequence[str], wanted: Sequence[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for assignment in given:
        name, equals, number = assignment.partition("=")
        name = _as_parsed(name)
        if not equals or not name.isidentifier():
            raise UsageError(f"{assignment!r} is not of the form name=number")
        if name in numbers:
            raise UsageError(f"{name} is given twice")
        if name not in wanted:
            raise UsageError(f"{name} is given but does not occur in the expression")
        try:
            numbers[name] = float(number)
        except ValueError:
            raise UsageError(f"{name}={number}: {number!r} is not a number") from None
    return numbers


def _as_parsed(name: str) -> str:
    """A name as Python's parser reads it: that makes one of the micro sign and the letter mu."""
    return unicodedata.normalize("NFKC", name.strip())


def _wrt(given: str | None, names: Sequence[str]) -> list[str]:
    if given is None:
        return list(names)
    asked = [_as_parsed(name) for name in given.split(",") if name.strip()]
    if not asked:
        raise UsageError("--wrt names no variable; give it as --wrt x,y")
    for name in asked:
        if name not in names:
            raise UsageError(f"--wrt {name}: {name} does not occur in the expression")
    return list(dict.fromkeys(asked))


def _variable(name: str, number: float, differentiated: bool) -> Value:
    """A leaf; a constant of the same name where nothing is differentiated by it."""
    variable = Value(number)
    if not differentiated:
        variable = variable.detach()
    variable.name = name
    return variable
