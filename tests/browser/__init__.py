"""A real Chromium against a whole installation: server, workers, beat, broker, as users run them."""
