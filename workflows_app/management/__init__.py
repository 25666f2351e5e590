"""Terminal commands of definitions, and what all terminal commands share."""
