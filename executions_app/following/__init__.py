"""Watching executions from ordinary code: their events, as they come and in whose words."""
