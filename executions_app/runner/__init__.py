"""One attempt in a worker: its claim, its input, its body, its lease.  Writes no history."""
