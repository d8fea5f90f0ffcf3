"""How people come in: invitations, claim links, requests to join, and the mail that goes with them.

Owns who was asked in by whom until when, the links that let people in, and what became of each mail about it. Who is
then a person, and what they may do, is people's.
"""
