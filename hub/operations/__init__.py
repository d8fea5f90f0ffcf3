"""Looking after an installation: whether it is well, and keeping a copy of it. It looks at parts, never at what stands in rows."""
