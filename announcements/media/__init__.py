"""The pictures in announcements: taken in, made anew in a worker, kept, bound to what uses them.

Owns files and their state. Who may see a picture is decided above, where it is known who reads what: delivery asks.
"""
