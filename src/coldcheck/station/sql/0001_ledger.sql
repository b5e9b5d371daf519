-- The ledger: one file, append-only. Ground truth is `entry` and `opening`; nodes and checkpoints can be made again
-- from entries (the signatures on checkpoints cannot). Every row is written in the transaction of its entry.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    entry_index INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    bytes BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;

CREATE TABLE node (
    level INTEGER NOT NULL,
    node_index INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, node_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    tree_size INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Personal data: what the commitments in the entries open to. A row may be erased; the log stays whole.
CREATE TABLE opening (
    commitment TEXT PRIMARY KEY,
    salt BLOB NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
