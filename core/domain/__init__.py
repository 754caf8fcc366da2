"""Values and decisions. No input or output, no clock, nothing but the standard library."""
