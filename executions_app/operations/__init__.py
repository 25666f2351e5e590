"""What can be done to executions, one verb a file."""
