"""Programs to look at: `listing` as text, `statistics`, and `program_drawing` as a picture."""
