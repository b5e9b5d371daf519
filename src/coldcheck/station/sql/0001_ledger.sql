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

-- Personal data: what the commitments in the entries open to, each in a box of its own. The log stays whole when one goes.
CREATE TABLE opening (
    commitment TEXT PRIMARY KEY,
    key_number INTEGER NOT NULL,
    box BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The key of each box. Numbered and only ever added at the end: rows in the middle would be copied about when pages
-- split, and a copy left in a page's unused room would outlive its row.
CREATE TABLE opening_key (
    key_number INTEGER PRIMARY KEY,
    key BLOB NOT NULL
) STRICT;

-- What revoked keys signed, byte for byte. An entry `quarantined` names each by its hash; none of it is in the log.
CREATE TABLE kept_apart (
    sha256 TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
