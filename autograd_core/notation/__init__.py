"""Graphs in words: names, formulas with operands put in, in plain text and in LaTeX.

The modules, each importing only earlier ones: `formula` reads the table's LaTeX, `arithmetic` gives
its numbers, `rows` what it says of one node; `textbook` has symbols for layers, `naming` names
nodes; `spelling` knows precedence, `text_marks` and `latex_marks` the two ways of
writing; `composition` writes a whole graph.
"""

from autograd_core.notation.arithmetic import evaluate
from autograd_core.notation.composition import composed, written_size
from autograd_core.notation.formula import Formula
from autograd_core.notation.latex_marks import LatexNotation, escape
from autograd_core.notation.naming import node_names, shown_name
from autograd_core.notation.number_writer import number_writer
from autograd_core.notation.rows import (
    ELLIPSIS,
    MOST_TERMS,
    partial_formula,
    settled,
    value_formula,
)
from autograd_core.notation.spelling import Notation, Piece
from autograd_core.notation.text_marks import TextNotation
from autograd_core.notation.textbook import (
    in_layers,
    neurons_of,
    parameter_places,
    symbol_of,
    textbook_symbols,
)

__all__ = [
    "ELLIPSIS",
    "MOST_TERMS",
    "Formula",
    "LatexNotation",
    "Notation",
    "Piece",
    "TextNotation",
    "composed",
    "escape",
    "evaluate",
    "in_layers",
    "neurons_of",
    "node_names",
    "number_writer",
    "parameter_places",
    "partial_formula",
    "settled",
    "shown_name",
    "symbol_of",
    "textbook_symbols",
    "value_formula",
    "written_size",
]
