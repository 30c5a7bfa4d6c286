"""Programs: a scalar function recorded once, replayed over batches, differentiated and exported."""

from autograd_core.program.program import Program, Summed
from autograd_core.program.recording import record, record_closure, record_graph

__all__ = ["Program", "Summed", "record", "record_closure", "record_graph"]
