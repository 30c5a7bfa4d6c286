"""Programs as files: `portable` for pickles, `program_json` and, of structures, `form_json`."""
