"""Recorded logs of executions, and what they add up to: one truth for Python and the browser."""
