"""Coldcheck: the tamper-evident record a film set trusts with its guns.

Three rooms, and imports go one way only: `station` (the world) -> `custody` (guns and people) -> `proof` (bytes).
Nothing is imported here: who asks for one room gets that room.
"""
