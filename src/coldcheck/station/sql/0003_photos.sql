-- Pictures that signed acts name by their hash. Beside the log: it is whole without them, and one may be taken out.

CREATE TABLE photo (
    sha256 TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
