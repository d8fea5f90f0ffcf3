"""Did it land: reach of an announcement, who is missing, and the curve over time.

Owns no table yet: it asks delivery for the facts and people for who still counts, and derives.
Every rate it gives has the frozen recipients less deactivated people as denominator.
"""
