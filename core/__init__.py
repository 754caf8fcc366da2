"""Decides: plain values, use cases, the scheduler, and the platforms behind ports."""
