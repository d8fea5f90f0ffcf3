"""Announcements taken along: everything a workspace has said, as a zip that people and programs can read.

Owns exports: who asked for one, how far it has come, and its file until it is removed. What was said is for publishing,
which is read through its door.
"""
