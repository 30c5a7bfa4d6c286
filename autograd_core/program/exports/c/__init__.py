"""One C99 file of a program: `export_c` lays it out, by `c_statements` and `c_places`."""
