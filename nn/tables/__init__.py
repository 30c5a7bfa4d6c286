"""Tables: `reader` reads CSV, `tabular` is a model of one, `model_file` its file."""

from nn.tables.reader import Table, read_csv

__all__ = ["Table", "read_csv"]
