"""What is true of a code, found once: on what its values depend, and their operands."""
