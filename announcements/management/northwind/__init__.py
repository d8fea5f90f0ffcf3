"""Northwind Freight, a company to look around in: 164 people, four functions, four places, three months of announcements.

The texts are the Markdown files beside this one. Everything is made through the doors, in the past, the same each time
for the same `now`: `story.build`.
"""
