"""The engine: facts, states, what follows.  Pure: no framework, no clock, no queue, no chance."""
