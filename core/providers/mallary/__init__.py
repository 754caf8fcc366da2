"""Mallary: a managed layer between us and the platforms. Its own limits."""
