"""Search for what is wrong, for hours: `python -m tests.soak`.

    python -m tests.soak --quick                    # a moment each, as the suite does
    python -m tests.soak --part accuracy --trials 2000 --seed 7
    python -m tests.soak --minutes 30               # at most so long for each part

Random graphs take two thirds to nine tenths of the time where gmpy2 is installed, which mpmath
computes with of itself; what they say is the same.
What is wrong goes to standard output as it is found, with what makes it again, and in the end the
table in Markdown.
The exit status is 1 if anything was wrong. Ctrl-C ends it with the table of what was tried.
"""

from __future__ import annotations

import argparse
import datetime
import math
import platform
import shlex
import sys
from collections.abc import Sequence

import autograd_core
from tests.soak.parts import PARTS
from tests.soak.search import Row, run, table


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "--part",
        action="append",
        choices=list(PARTS),
        metavar="PART",
        help=f"one of {', '.join(map(shlex.quote, PARTS))}; may come again; all unless told",
    )
    many = parser.add_mutually_exclusive_group()
    many.add_argument("--trials", type=count, metavar="NUMBER", help="how many in each part")
    many.add_argument("--quick", action="store_true", help="as few trials as in the suite")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn at random (1)")
    parser.add_argument("--minutes", type=duration, default=0, help="at most so long for each part")
    chosen = parser.parse_args(given)
    rows: list[Row] = []
    interrupted = False
    try:
        for name in chosen.part or PARTS:
            part = PARTS[name]
            trials = chosen.trials or (part.quick if chosen.quick else part.long)
            run(part, chosen.seed, trials, chosen.minutes, show=True, so_far=rows)
    except KeyboardInterrupt:
        interrupted = True
        print("\ninterrupted: what was tried until then")
    print(f"\n`{shlex.join(['python', '-m', 'tests.soak', *given])}`, {setting()}\n")
    print(table(rows))
    for row in rows:
        if row.where:
            print(f"\nworst of {row.what}: {row.where}")
    if interrupted:
        return 130
    return 1 if any(row.wrong for row in rows) else 0


def count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than one trial")
    return number


def duration(text: str) -> float:
    if not 0 < (number := float(text)) < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no positive number of minutes")
    return number


def setting() -> str:
    """When and on what the rows were found."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    tier = "compiled" if autograd_core.compiled else "plain"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{today}, {python} on {platform.system()} {platform.machine()}, {tier}"


if __name__ == "__main__":
    sys.exit(main())
