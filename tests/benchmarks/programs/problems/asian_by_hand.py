"""The limit of this machine for the Asian option: C as a person writes it who wants only speed.

Scenarios abreast in GCC's vectors, the engine's own exponential, the engine's order of operations
and of sums, nothing contracted: so it has the engine's bits. For vectors of four numbers and, where
the processor has them, of eight.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from tests.benchmarks.programs.contest import Absent, Answer, Ready, need_command, timed

__all__ = ["WIDTHS", "by_hand"]

SOURCE = """
#include <math.h>
#include <stdint.h>
enum { SETS = 8 / WIDTH }; /* of partial sums, which are eight */
typedef double lanes __attribute__((vector_size(8 * WIDTH)));
typedef int64_t bits __attribute__((vector_size(8 * WIDTH)));
static inline lanes all(double x) { return x - (lanes){0}; }
static inline lanes chosen(bits where, lanes yes, lanes no)
{
    return (lanes)((where & (bits)yes) | (~where & (bits)no));
}
static inline lanes exponential(lanes x)
{
    lanes inside = chosen(x > 710.0, all(710.0), x);
    inside = chosen(x < -746.0, all(-746.0), inside);
    const lanes n = inside * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0;
    const lanes high = inside - n * 0.6931471805598903;
    const lanes r = high - n * 5.497923018708371e-14;
    const lanes square = r * r, fourth = square * square;
    const lanes first = 0.16666666666666685 + r * 0.04166666666660285;
    const lanes second = 0.008333333333313963 + r * 0.0013888888927241871;
    const lanes third = 0.0001984126990483633 + r * 2.4801508129402922e-05;
    const lanes pair = 2.7557226135851036e-06 + r * 2.7625403351833834e-07;
    const lanes series = first + square * second
        + fourth * (third + square * pair + fourth * 2.5115081543109095e-08);
    const lanes rest = 0.5 * square + square * r * series;
    const lanes grown = r + rest, power = 1.0 + grown;
    const lanes lost = r - grown + rest + (high - r - n * 5.497923018708371e-14);
    const bits down = n < 0.0;
    const lanes shift = chosen(down, all(64.0), all(-64.0));
    const lanes back = chosen(down, all(5.421010862427522e-20), all(1.8446744073709552e+19));
    const bits scale = (bits)(n + shift + 6755399441056767.0) << 52;
    return (power + (1.0 - power + grown + lost)) * (lanes)scale * back;
}
void option(long count, const double *market, const double *paths, double *found)
{
    const double S0 = market[0], sigma = market[1], r = market[2], K = market[3], T = market[4];
    const double seed = 1.0 / count, step = T / STEPS, root = sqrt(step);
    const double net = r - sigma * sigma / 2.0, drift = net * step, volatility = sigma * root;
    const double half = 0.5 / root, twice = 2.0 * sigma;
    lanes discount = exponential(all(-r * T)), sums[SETS][6] = {0};
    static lanes z[STEPS], grown[STEPS], S[STEPS + 1];
    S[0] = all(S0);
    for (long first = 0; first < count; first += WIDTH, paths += WIDTH * STEPS) {
        lanes *own = sums[first / WIDTH % SETS], total = all(0.0);
        for (int k = 0; k < STEPS; k++) {
            for (int lane = 0; lane < WIDTH; lane++) z[k][lane] = paths[lane * STEPS + k];
            grown[k] = exponential(drift + volatility * z[k]);
            S[k + 1] = S[k] * grown[k];
            total = total + S[k + 1];
        }
        const lanes over = total / (double)STEPS - K;
        const lanes paid = chosen(over > 0.0, over, all(0.0));
        const lanes above = chosen(over > 0.0, all(1.0), all(0.0));
        const lanes discounted = seed * discount * above;
        const lanes each = discounted * (1.0 / STEPS);
        lanes flowing = each, by_step = {0}, by_sigma = {0}, by_r = {0};
        for (int k = STEPS - 1; k >= 0; k--) {
            if (k < STEPS - 1) flowing = flowing * grown[k + 1] + each;
            const lanes exponent = flowing * S[k] * grown[k];
            const lanes random = exponent * z[k], whole = exponent * step;
            by_step = by_step + random * sigma * half + exponent * net;
            by_sigma = by_sigma + random * root + -whole * 0.5 * twice;
            by_r = by_r + whole;
        }
        const lanes by_rate = seed * paid * discount;
        own[0] += discount * paid;
        own[1] += flowing * grown[0];
        own[2] += by_sigma;
        own[3] += by_r - by_rate * T;
        own[4] -= discounted;
        own[5] += by_step * (1.0 / STEPS) + by_rate * -r;
    }
    for (int k = 0; k < 6; k++) {
        double s[8];
        for (int lane = 0; lane < 8; lane++) s[lane] = sums[lane / WIDTH][k][lane % WIDTH];
        found[k] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
    found[0] /= count;
}
"""
WIDTHS = {
    "avx2": ("C by hand, AVX2", "avx2", ["-DWIDTH=4", "-mavx2", "-mno-fma"]),
    "avx512": ("C by hand, AVX-512", "avx512f", ["-DWIDTH=8", "-mavx512f", "-mavx512dq"]),
}
"""By name: a label, what the processor must have, and what the compiler is told."""


def by_hand(width: str, market: Any, paths: Any) -> Ready:
    """The price and its sensitivities from as many scenarios as there are rows, in eights."""
    _, needed, options = WIDTHS[width]
    compiler = need_command("cc")
    known = Path("/proc/cpuinfo")
    if not known.exists() or needed not in known.read_text().split():
        raise Absent(f"the processor is not known to have {needed}")
    start = perf_counter()
    folder = Path(tempfile.mkdtemp())
    (folder / "option.c").write_text(SOURCE)
    options = ["-std=gnu99", "-O2", "-ffp-contract=off", "-shared", "-fPIC", *options]
    command = [compiler, *options, "-Wno-psabi", f"-DSTEPS={paths.shape[1]}", "option.c", "-lm"]
    subprocess.run([*command, "-o", "option.so"], cwd=folder, check=True)
    compiling = perf_counter() - start
    option = ctypes.CDLL(str(folder / "option.so")).option
    given, found = np.array(market), np.empty(6)
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (given, paths, found)]
    count = ctypes.c_long(len(paths))

    def answer() -> Answer:
        assert len(given) + len(paths) > 0  # the pointers do not hold them
        option(count, *pointers)
        return [found[:1].tolist(), found[1:].tolist()]

    return Ready(lambda: timed(lambda: option(count, *pointers)), compiling, answer)
