"""Why an execution does not move: every reason there is."""
