"""The only place that names adapters: settings in, a running bot out. Plain constructors, no container."""
