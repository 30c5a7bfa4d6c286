"""Whether mistakes are noticed: those planted into the table, and small changes of the source."""
