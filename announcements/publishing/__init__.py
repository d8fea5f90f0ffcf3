"""What is said: announcements, their versions, whom they are meant for.

Owns the words and their life: draft, published, corrected, withdrawn, expired. Who has read them is delivery's.
"""
