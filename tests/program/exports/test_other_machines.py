"""Exported C on machines that are not this one, where a compiler for them is installed.

What is computed by arithmetic alone has the same bits everywhere: on arm64 under QEMU, on 32-bit
x86 with SSE2 (the x87's registers round otherwise), and with musl's C library instead of glibc's.
"""

from __future__ import annotations

import shutil
import subprocess

import numpy
import pytest

from autograd_core import PRIMITIVES, record
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from autograd_core.primitives.translation.straight import straight
from nn import MLP
from tests.program.replayed import same_bits
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
MACHINES = {
    "arm64": (["aarch64-linux-gnu-gcc"], ["qemu-aarch64"]),
    "32-bit x86": (["i686-linux-gnu-gcc", "-msse2", "-mfpmath=sse"], ["qemu-i386"]),
    "musl": (["musl-gcc"], []),
}
"""A compiler, and what runs what it makes."""

ROWS = [name for name, row in PRIMITIVES.items() if row.arity in (1, 2) and straight(name)]
MAIN = """
#include <stdio.h>

int main(void)
{{
    static double inputs[{inputs}], parameters[{parameters}], outputs[{outputs}], work[{work}];
    if (fread(parameters, sizeof(double), {captured}, stdin) != {captured}) return 1;
    while (fread(inputs, sizeof(double), {inputs}, stdin) == {inputs}) {{
        program(inputs, parameters, outputs{given});
        fwrite(outputs, sizeof(double), {outputs}, stdout);
    }}
    return 0;
}}
"""


def run_on(machine, folder, program, points, parameters=()):
    """What a program gives at points on another machine."""
    compiler, runner = MACHINES[machine]
    if not all(map(shutil.which, [compiler[0], *runner])):
        pytest.skip(f"{compiler[0]} is not installed, or nothing that runs what it makes")
    source, binary = folder / "program.c", folder / "program"
    text, inputs = program.to_c("program"), points.shape[1]
    outputs = len(program.code.outputs)
    main = MAIN.format(
        inputs=inputs,
        parameters=len(parameters) + 1,
        captured=len(parameters),
        outputs=outputs,
        work="program_WORK + 1",
        given=", work" if "double *restrict work)" in text else "",
    )
    source.write_text(text + main, encoding="utf-8")
    flags = ["-std=c99", "-O2", "-ffp-contract=off", "-static"]
    command = [*compiler, *flags, "-o", str(binary), str(source), "-lm"]
    subprocess.run(command, check=True)
    given = numpy.concatenate([numpy.array(parameters, dtype=float), points.ravel()]).tobytes()
    done = subprocess.run([*runner, str(binary)], input=given, capture_output=True, check=True)
    return numpy.frombuffer(done.stdout).reshape(-1, outputs)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_row_of_arithmetic_has_its_bits(machine, tmp_path):
    source = numpy.random.default_rng(0)
    ordinary = source.uniform(-50, 50, 400)
    wide = numpy.ldexp(source.uniform(-1, 1, 400), source.integers(-1060, 1020, 400))
    special = [0.0, -0.0, 1.0, -1.0, numpy.inf, -numpy.inf, numpy.nan, 5e-324, 1.7e308]
    for count in (1, 2):
        names = [name for name in ROWS if PRIMITIVES[name].arity == count]
        numbers = numpy.concatenate([ordinary, wide, special, special[::-1], special])
        points = numpy.stack([numbers, numpy.roll(numbers, 7)], axis=1)[:, :count]
        kinds = [kind_of(name) for name in names]
        program = record(lambda *x, kinds=kinds: [apply(kind, x) for kind in kinds], *[0.5] * count)
        expected = program.using("numpy")(*points.T)
        assert same_bits(run_on(machine, tmp_path, program, points), expected)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_gradient_of_a_network_has_its_bits(machine, tmp_path):
    model = MLP(2, [8, 8, 1], activation="tanh", seed=0)
    program = record(lambda x, y: (model(x) - y) ** 2, [0.0, 0.0], 0.0)
    gradient = program.gradient("captured", value=True)
    points = numpy.random.default_rng(0).uniform(-2, 2, (50, 3))
    values, slopes = gradient.using("numpy")(points[:, :2], points[:, 2])
    found = run_on(machine, tmp_path, gradient, points, [leaf.data for leaf in gradient.captured])
    expected = numpy.concatenate([values[:, None], slopes], axis=1)
    assert same_bits(found, expected)
