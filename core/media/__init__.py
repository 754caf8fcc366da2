"""Media as files: what is in them, read by our own reader and by PyAV, in a process that can do no harm."""
