"""Terminal commands of executions, and how they look while one is followed."""
