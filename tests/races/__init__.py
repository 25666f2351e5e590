"""Two who come at once: each race is a story that is told any number of times, in either order."""
