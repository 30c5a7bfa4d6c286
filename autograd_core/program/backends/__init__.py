"""Back ends: what runs a flat program over many samples."""
