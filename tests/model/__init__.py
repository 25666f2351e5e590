"""A model of the protocol, small enough to try every order of everything that may happen."""
