"""Models of markets fitted to quotes: an error of every quote, and its slopes by the parameters."""
