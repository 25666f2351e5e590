"""A real Chromium against a whole installation: server, workers, beat and broker, all real."""
