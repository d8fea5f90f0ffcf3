"""Who did what: the trail of what is worth knowing about a workspace.

Owns entries that are written once and never changed. Every capability tells what is worth noting; nobody calls this one
to write.
"""
