"""When workflows run: executions, their history, their workers."""
