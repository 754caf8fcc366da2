"""Instagram over its official API with Instagram Login (graph.instagram.com)."""
