"""The HTTP API of definitions.  Translates; decides nothing."""
