"""Executions that earlier formats have stored: they fold, and they finish."""
