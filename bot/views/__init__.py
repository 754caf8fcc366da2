"""Turns what the domain says into what people read: values in, blocks out, nothing else touched."""
