"""The `crosslink` command. Exit codes: 0 fine, 1 findings or failed checks, 2 wrong use."""
