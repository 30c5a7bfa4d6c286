"""Derivations read back: the equations that `explain` printed, as lists of their members."""

import re


def equations(text, heading):
    """The equations under a heading, each a list of its members; notes are cut off."""
    block = next(part for part in str(text).split("\n\n") if part.startswith(heading))
    joined = re.sub(r"\n {3,}(?=[=≈])", " ", block)
    lines = [re.sub(r" {3}\(.*\)$", "", line) for line in joined.splitlines()[1:]]
    return [re.split(" +[=≈] ", line.strip()) for line in lines]


def section(text, heading):
    """The same by their left sides."""
    return {left: members for left, *members in equations(text, heading)}


def number(text):
    return float(text.strip("() ").replace("∞", "inf"))
