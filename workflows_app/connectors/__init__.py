"""What steps reach outside: one service a file.  Network, and no database."""
