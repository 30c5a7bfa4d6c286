"""Programs: a scalar function recorded once, replayed over batches, differentiated and exported."""
