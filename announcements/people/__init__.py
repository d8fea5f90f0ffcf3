"""Who: workspaces, persons, groups, dated memberships, personal tokens.

Owns who exists, when they are at work, what they may do by role, and whom an audience means at an instant.
Everything else holds a person or a group by id and asks this door.
"""
