"""One ES module of a program: `export_javascript` lays it out, its lines in `javascript_words`.

`javascript_forms` says how arguments come in and results go out, for JavaScript and in JSDoc.
"""
