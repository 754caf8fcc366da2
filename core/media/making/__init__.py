"""The workshop: what the limited process does to make a rendition. Its input and output are open descriptors."""
