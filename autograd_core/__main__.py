"""The command line: the value and the gradient of an expression, and its picture.

python -m autograd_core "(x + y) * z" x=-2 y=5 z=-4 --out f.svg
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograd_core import errors, expression
from autograd_core.drawing import draw
from autograd_core.graph import topological
from autograd_core.value import Value

EXAMPLE = ["(x + y) * z", "x=-2", "y=5", "z=-4"]
EXAMPLE_PICTURE = "f.svg"


class UsageError(Exception):
    """What was asked cannot be done; the message is the one line the user sees."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0, or 2 with one line on standard error."""
    asked = sys.argv[1:] if arguments is None else list(arguments)
    try:
        status = _run(asked)
        sys.stdout.flush()  # so that a closed pipe is met here and not at exit
        return status
    except (UsageError, errors.AutogradError) as error:
        print(f"autograd_core: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader has gone (`| head`): that is no fault, and Python must not say so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}; see --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m autograd_core",
        description="Compute an expression, differentiate it, and draw its graph.",
        epilog="Functions: " + ", ".join(expression.FUNCTIONS) + ". Without arguments the example "
        f'runs: "{EXAMPLE[0]}" {" ".join(EXAMPLE[1:])} --out {EXAMPLE_PICTURE}',
        allow_abbrev=False,
    )
    parser.add_argument("expression", help='arithmetic on names and numbers: "(x + y) * z"')
    parser.add_argument("variables", nargs="*", metavar="name=number", help="x=-2 y=5 z=-4")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="write the picture: .svg, .png, .dot; others by Graphviz's dot",
    )
    parser.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    return parser


def _run(asked: list[str]) -> int:
    example = [argument for argument in asked if argument != "--force"] == []
    if example:
        asked = [*EXAMPLE, "--out", EXAMPLE_PICTURE, *asked]
    # A negative number in "x=-2" is no option; argparse would take "-x" for one, so it goes first.
    options = _parser().parse_intermixed_args(_protected(asked))
    text = options.expression.removeprefix(" ")
    tree = expression.parse(text)
    variables = _variables(options.variables, expression.names_in(tree))
    root = expression.compute(tree, variables)
    if not root.constant:
        root.backward()
    print(_report(text, root))
    if options.out is not None:
        target = Path(options.out)
        if example and target.exists() and not options.force:
            print(f"\n{target} is there already and was left as it is (--force overwrites it)")
        else:
            _write(root, target, options.force)
            print(f"\nwrote {target}")
    return 0


def _protected(asked: list[str]) -> list[str]:
    """An expression may begin with a minus; a space keeps argparse from taking it for an option."""
    known = ("--out", "--force", "--help", "-h", "--")
    return [
        " " + argument
        if argument.startswith("-")
        and argument.split("=")[0] not in known
        and not argument.startswith("--")
        else argument
        for argument in asked
    ]


def _variables(given: Sequence[str], wanted: Sequence[str]) -> dict[str, Value]:
    variables: dict[str, Value] = {}
    for assignment in given:
        name, equals, number = assignment.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise UsageError(f"{assignment!r} is not of the form name=number")
        if name in variables:
            raise UsageError(f"{name} is given twice")
        if name not in wanted:
            raise UsageError(f"{name} is given but does not occur in the expression")
        try:
            variables[name] = Value(float(number), name=name)
        except ValueError:
            raise UsageError(f"{name}={number}: {number!r} is not a number") from None
    return variables


def _report(text: str, root: Value) -> str:
    """The value, and a table of every node with its value and gradient."""
    order = topological(root)
    names: dict[Value, str] = {}
    for node in order:
        made = sum(1 for named in names.values() if named.startswith("t"))
        names[node] = node.name or (repr(node.data) if not node.op else f"t{made + 1}")
    rows = [("node", "operation", "value", "gradient")]
    for node in order:
        if not node.op and node.constant:
            continue
        operands = ", ".join(names[parent] for parent in node.parents)
        operation = f"{node.op}({operands})" if node.op else "leaf"
        rows.append((names[node], operation, repr(node.data), repr(node.grad)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{node:<{widths[0]}}  {made:<{widths[1]}}  {data:>{widths[2]}}  {grad:>{widths[3]}}"
        for node, made, data, grad in rows
    ]
    return "\n".join([f"{' '.join(text.split())} = {root.data!r}", "", *lines])


def _write(root: Value, target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise UsageError(f"{target} exists; --force overwrites it")
    try:
        draw(root).save_image(target, overwrite=force)
    except ValueError as error:  # a name without an ending
        raise UsageError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
