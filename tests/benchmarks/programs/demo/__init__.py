"""The demo step: what a network of 337 parameters costs, by everybody."""
