"""Room 2, the domain: guns, rounds, people, acts, rules, trace and inquiry, all of it pure.

Promises: time, rulebook text and random bytes arrive as arguments; replaying the same record gives the same picture.
Does not do: read a clock, a disk or a network, or decide anything that is not in the record.
"""
