"""How it reaches you: deliveries, receipts, nudges, digests.

Owns who an announcement was for (frozen at fan-out), what each of them has seen, and every mail that goes out.
"""
