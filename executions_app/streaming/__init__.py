"""Live events, from the log's own table.  Redis carries hints and nothing else."""
