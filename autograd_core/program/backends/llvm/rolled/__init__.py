"""A single sample of a long program: LLVM compiles its loops, the interpreter runs what is left."""
