-- What machines elsewhere signed under checkpoints of this log. Vouching, not record: the log is whole without it.

CREATE TABLE cosignature (
    tree_size INTEGER NOT NULL,
    vkey TEXT NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (tree_size, vkey)
) STRICT, WITHOUT ROWID;
