"""The limit of this machine: a program as straight-line C on eight samples abreast.

What a person would write by hand who wanted nothing but speed: GCC's vectors, every instruction a
statement, the parameters broadcast, the outputs summed over the samples in registers' width. Only
the primitives of the demo step are known here; the exporter for all of them is `to_c`.
"""

from __future__ import annotations

from autograd_core.program.code.flat import Code

__all__ = ["abreast"]

TEMPLATE = """
typedef double lanes __attribute__((vector_size(64)));
typedef long bits __attribute__((vector_size(64)));
static inline lanes all(double x) {{ return (lanes){{x, x, x, x, x, x, x, x}}; }}
static inline lanes chosen(bits where, lanes x) {{ return (lanes)(where & (bits)x); }}
static inline lanes strong(lanes x, lanes y)
{{
    const lanes product = x * y;
    return chosen(~((product != product) & ((x == 0) | (y == 0))), product);
}}
static void eight(const lanes *in, const double *p, lanes *out)
{{
{statements}
}}
void added_up(long count, const double *inputs, const double *p, double *sums)
{{
    lanes out[{outputs}] = {{0}}, in[{inputs}];
    for (long first = 0; first < count; first += 8) {{
        for (int k = 0; k < {inputs}; k++)
            for (long i = 0; i < 8; i++)
                in[k][i] = first + i < count ? inputs[(first + i) * {inputs} + k] : 0.0;
        if (first + 8 <= count) eight(in, p, out);
        else {{
            lanes last[{outputs}] = {{0}};
            eight(in, p, last);
            for (int k = 0; k < {outputs}; k++)
                for (long i = 0; first + i < count; i++) out[k][i] += last[k][i];
        }}
    }}
    for (int k = 0; k < {outputs}; k++) {{
        sums[k] = 0.0;
        for (int i = 0; i < 8; i++) sums[k] += out[k][i];
    }}
}}
"""


def abreast(code: Code) -> str:
    """C with a function `added_up(count, inputs, parameters, sums)`."""
    names: dict[int, str] = {}

    def name(number: int) -> str:
        if number < 0:
            return f"all({float(code.constants[~number])!r})"
        if number < code.inputs:
            return f"in[{number}]"
        if number < code.leaves:
            return f"all(p[{number - code.inputs}])"
        return names[number]

    lines = []
    for number, row, operands in code:
        terms = [name(operand) for operand in operands]
        names[number] = f"v{number}"
        lines.append(f"    lanes v{number} = {_expression(row.name, terms)};")
    for place, number in enumerate(code.outputs.tolist()):
        lines.append(f"    out[{place}] += {name(number)};")
    return TEMPLATE.format(
        statements="\n".join(lines), outputs=len(code.outputs), inputs=code.inputs
    )


def _expression(primitive: str, terms: list[str]) -> str:
    match primitive:
        case "add" | "sub" | "mul" | "strong_product":
            sign = {"add": "+", "sub": "-"}.get(primitive, "*")
            product = f"{terms[0]} {sign} {terms[1]}"
            if primitive == "strong_product":
                return f"strong({terms[0]}, {terms[1]})"
            return f"{product}"
        case "neg":
            return f"-{terms[0]}"
        case "relu":
            return f"chosen({terms[0]} > 0, {terms[0]})"
        case "above":
            return f"chosen({terms[0]} > {terms[1]}, all(1.0))"
        case "dot":
            pairs = zip(terms[1::2], terms[2::2], strict=True)
            return " + ".join([f"{terms[0]}", *(f"{w} * {x}" for w, x in pairs)])
        case "strong_dot":
            pairs = zip(terms[::2], terms[1::2], strict=True)
            return " + ".join(_expression("strong_product", list(pair)) for pair in pairs)
    raise ValueError(f"{primitive} is not among the primitives of the demo step")
