-- Which screens were told of a void or STOP, and when each answered that it shows it. Beside the log, for the set itself.

CREATE TABLE delivery (
    entry_index INTEGER NOT NULL,
    screen TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    told_at TEXT NOT NULL,
    after_ms INTEGER,
    PRIMARY KEY (entry_index, screen)
) STRICT, WITHOUT ROWID;
