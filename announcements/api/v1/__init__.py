"""Version 1: one file per resource. Fields and addresses are added, never renamed."""
