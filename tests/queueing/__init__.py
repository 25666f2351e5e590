"""Executions that wait for each other: limits, start rates and priorities."""
