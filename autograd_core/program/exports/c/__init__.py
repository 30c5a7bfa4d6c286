"""One C99 file of a program: `export_c` lays it out, its lines in the words of `c_words`."""
