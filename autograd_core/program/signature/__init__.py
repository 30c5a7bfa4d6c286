"""What goes into a program and comes out: arguments by their structures, leaves by name."""
