"""Deploying other code under executions that have begun."""
