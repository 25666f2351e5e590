"""Schedules: which moments, one execution for each, and what people can do with them."""
