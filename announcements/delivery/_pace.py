"""A pace that all workers keep together: so many in a second, evenly, by the clock of the store (GCRA)."""

from __future__ import annotations

import redis

from announcements.delivery._kept import store

# KEYS[1] holds when the next one would be due if all came evenly; a second's worth may come at once.
SCRIPT = """
local t = redis.call('time')
local now = t[1] + t[2] / 1000000
local each, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('get', KEYS[1]) or '0'), now)
local wait = due - burst - now
if wait > 0 then return tostring(wait) end
redis.call('set', KEYS[1], string.format('%.6f', due + each), 'EX', math.ceil(each + burst + 1))
return '0'
"""
# While the store is away nobody can keep pace with the others: look again after that many seconds.
AWAY = 5.0


def admit(name: str, per_second: float) -> float:
    """Take a place; return 0, or how many seconds until there will be one."""
    each = 1 / per_second
    try:
        said = store().eval(SCRIPT, 1, f"mail:pace:{name}", repr(each), repr(max(0.0, min(1.0, 1 - each))))
    except redis.RedisError:
        return AWAY
    return float(said)
