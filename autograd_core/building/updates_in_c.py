"""The C of optimizers' steps, written from the formulas of `program/updates/update_formulas`.

Each formula becomes a loop over the parameters, one clone for each instruction set where the
compiler makes clones. Nothing is contracted, so every clone computes the same bits.
"""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["updates_in_c"]

HEAD = """\
/* Written from update_formulas.py. */
#include <math.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GLIBC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif
#if defined(__clang__)
#define EACH_ALONE _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define EACH_ALONE _Pragma("GCC ivdep")
#else
#define EACH_ALONE __pragma(loop(ivdep))
#endif

typedef void (*Formula)(int64_t count, double *values, const double *gradients,
                        double **memory, const double *numbers);

typedef struct {
    const char *name;
    Formula formula;
    int memory, numbers;
} Named;
"""

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def updates_in_c(source: Path) -> str:
    """A function for each formula, and the table `update_formulas` of them all."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    formulas = [found for found in module.body if isinstance(found, ast.FunctionDef)]
    functions, rows = zip(*map(_function, formulas), strict=True)
    table = ["static const Named update_formulas[] = {", *rows, "    {0, 0, 0, 0}};", ""]
    return "\n".join([HEAD, *functions, *table])


def _function(formula: ast.FunctionDef) -> tuple[str, str]:
    _, *steps, last = formula.body  # the docstring is the first
    taken = [operand.arg for operand in formula.args.args]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Tuple):
        raise TypeError(f"{formula.name} must end with the tuple of what it gives")
    memory = [ast.unparse(given) for given in last.value.elts][1:]
    value, gradient, *others = taken
    numbers = others[len(memory) :]
    lines = [
        "CLONES",
        f"static void update_by_{formula.name}(int64_t count, double *values, "
        "const double *gradients, double **memory, const double *numbers)",
        "{",
        *(f"    double *const all_{name} = memory[{k}];" for k, name in enumerate(memory)),
        *(f"    const double {name} = numbers[{k}];" for k, name in enumerate(numbers)),
        "    EACH_ALONE",
        "    for (int64_t k = 0; k < count; k++) {",
        f"        double {value} = values[k], {gradient} = gradients[k];",
        *(f"        double {name} = all_{name}[k];" for name in memory),
        *map(_assignment, steps),
        f"        values[k] = {value};",
        *(f"        all_{name}[k] = {name};" for name in memory),
        "    }",
        "}",
        "",
    ]
    row = f'    {{"{formula.name}", update_by_{formula.name}, {len(memory)}, {len(numbers)}}},'
    return "\n".join(lines), row


def _assignment(step: ast.stmt) -> str:
    if not isinstance(step, ast.Assign):
        raise TypeError(f"a formula has assignments only, not {ast.unparse(step)}")
    return f"        {ast.unparse(step.targets[0])} = {_expression(step.value)};"


def _expression(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=float() as number):
            return repr(number)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            return f"({_expression(left)} {OPERATORS[type(operator)]} {_expression(right)})"
        case ast.Call(func=ast.Name(id="sqrt"), args=[operand]):
            return f"sqrt({_expression(operand)})"
        case ast.IfExp(ast.Compare(left, [ast.NotEq()], [right]), body, orelse):
            condition = f"{_expression(left)} != {_expression(right)}"
            return f"({condition} ? {_expression(body)} : {_expression(orelse)})"
    raise TypeError(f"a formula has no C for {ast.unparse(node)}")
