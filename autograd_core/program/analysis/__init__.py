"""What is true of a code, found once: its operands, how often each is read, what varies."""
