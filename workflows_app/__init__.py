"""What workflows are: definitions, versions, connections.  Knows nothing of executions."""
