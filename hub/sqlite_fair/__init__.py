"""SQLite for several processes: writers queue fairly instead of sleeping and retrying."""
