"""The text of a program in LLVM's language, and of what calls it."""
