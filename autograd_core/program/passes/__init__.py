"""Shorter codes with the same bits: `pipeline` runs `tidying` and `fusing` in order."""
