"""Room 1, bytes and mathematics: what an outsider must trust, and all he needs to check the log.

Promises: no clock, disk, network or randomness; the same bytes in give the same answer out.
Does not do: anything that knows what a gun is.
"""
