"""What accounts do: one module per duty, each change with its audit entry in one transaction."""
