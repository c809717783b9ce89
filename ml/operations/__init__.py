"""What people and the worker do to connected models: one file for each kind of thing."""
