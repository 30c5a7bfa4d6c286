"""A graph in other forms: a tree of text, Mermaid, LaTeX, JSON, networkx.

The modules do not know one another: `tree`, `mermaid`, `latex`, `networkx_graph` and `graph_json`.
"""

from autograd_core.forms.graph_json import from_json, to_document, to_json
from autograd_core.forms.latex import LatexFormula, to_latex
from autograd_core.forms.mermaid import to_mermaid
from autograd_core.forms.networkx_graph import to_networkx
from autograd_core.forms.tree import print_tree, tree

__all__ = [
    "LatexFormula",
    "from_json",
    "print_tree",
    "to_document",
    "to_json",
    "to_latex",
    "to_mermaid",
    "to_networkx",
    "tree",
]
