"""What a step of descent does to each parameter, and to what is remembered of it.

`update_formulas` says it, once, number by number; a build writes the same text as the C of
`compiled_updates`; `updating` is the door, and NumPy runs the formulas where nothing is compiled.
Which formula, with which rates and what memory, is the optimizers' to say.
"""
