"""What can be done to definitions, one verb a file."""
