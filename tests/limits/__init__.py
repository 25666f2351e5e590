"""What nobody may use without end, and what large values do not get into."""
