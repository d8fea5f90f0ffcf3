"""The list of people as a file: importing it, checking it first, undoing that; and taking it along.

Owns imports and their rows: what a file said of whom, what that changes, and what it changed. Who exists is for people,
which every row is written through.
"""
