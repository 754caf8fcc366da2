"""What people and the clock can ask for: each loads, asks the domain, writes, and tells through the outbox."""
