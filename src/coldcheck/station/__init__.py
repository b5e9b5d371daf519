"""Room 3, the world: clock, disk, network, screens and printing around one plain sequential flow.

Promises: nothing is shown before it has been appended to the record.
Does not do: judge; it asks `custody` and writes down the answer.
"""
