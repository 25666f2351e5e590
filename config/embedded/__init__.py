"""The all-in-one default: one command brings broker, web, worker, beat and Flower on one machine.

Refuses to be a process manager for servers: there, something that outlives a terminal does this.
"""
