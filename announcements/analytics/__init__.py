"""Did it land: reach of an announcement, who is missing, and the curve over time.

Owns the roll-ups: counts by group, and by channel and hour, kept as delivery tells of facts, and made anew from them at any time.
Every rate it gives has the frozen recipients less deactivated people as denominator.
"""
