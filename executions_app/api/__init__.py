"""The HTTP API of executions.  Translates; decides nothing."""
