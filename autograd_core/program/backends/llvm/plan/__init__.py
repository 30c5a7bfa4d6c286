"""What is computed where and in which order, before a line of LLVM's text is written."""
