"""The roads to the platforms: one adapter each, keeping `core.ports.Provider`. They don't know each other."""
