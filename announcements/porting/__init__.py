"""Announcements taken along, and brought in from elsewhere: as a zip that people and programs can read.

Owns exports and imports: who asked for one, how far it has come, its file until it is removed; and by which key an
announcement is known elsewhere. What was said is for publishing, which is read and written through its door.
"""
