"""The public REST API. Edges only: each view translates what came in, calls one door once, and translates its answer.

Everything the pages do, they do through `client`, in the API's own words; a stranger with a token can do the same.
"""
