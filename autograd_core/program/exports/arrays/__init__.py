"""Exports in which equal instructions have become operations of arrays, for three libraries.

`export_numpy`, `export_torch` and `export_jax` are their doors; `array_module` lays out a file,
`array_writer` its statements, `array_references` and `array_text` its expressions.
"""
