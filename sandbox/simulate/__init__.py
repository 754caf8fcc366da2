"""A fleet under the sandbox's clock and weather: real core and adapters, emulators, people who relink when told."""
