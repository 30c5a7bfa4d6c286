"""Programs number by number, for exporters to languages of scalars: C and JavaScript.

`scalar_places` decides what is computed in which function and where a value lives, `scalar_lines`
writes the instructions, in an exporter's own `scalar_words`.
"""
