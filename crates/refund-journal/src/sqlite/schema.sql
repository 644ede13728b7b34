-- A journal, schema 2 (1: records said nothing of when a doubt can be looked into, nor why one is sent again). Records are only ever added; everything that is changed in place can be made again from them.

-- One row per payment: the head of its chain, and what a reservation locks.
CREATE TABLE payments (
    id       INTEGER PRIMARY KEY,
    provider TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    payment  TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    count    INTEGER NOT NULL,                             -- records in the chain
    head     BLOB    NOT NULL CHECK (length(head) = 32),   -- hash of the last of them
    UNIQUE (provider, account, payment)
) STRICT;

-- One row per refund: who it is, a summary of its records, its place in the queue, its lease.
CREATE TABLE refunds (
    id       INTEGER PRIMARY KEY,                          -- in order of planning
    intent   BLOB    NOT NULL UNIQUE CHECK (length(intent) = 16),
    payment  INTEGER NOT NULL REFERENCES payments (id),
    key      TEXT    NOT NULL,
    phase    TEXT    NOT NULL,
    amount   INTEGER,                                      -- minor units
    seq      INTEGER NOT NULL,                             -- number of its last record
    holds    INTEGER NOT NULL,                             -- 1: the payment takes no other reservation
    claims   INTEGER NOT NULL,                             -- taken from the payment's budget, minor units
    workable INTEGER NOT NULL,                             -- 1: a worker can go on with it
    planned  INTEGER NOT NULL,                             -- wall time of the first record, ms since 1970
    changed  INTEGER NOT NULL,                             -- wall time of the last record
    due_boot BLOB    NOT NULL CHECK (length(due_boot) = 16), -- not to be worked on before this moment of boot time:
    due_ms   INTEGER NOT NULL,                             -- what its records say, or when it was last touched
    fence      INTEGER NOT NULL DEFAULT 0,                 -- counts claims and releases
    lease_boot BLOB,                                       -- until when somebody works on it
    lease_ms   INTEGER
) STRICT;
CREATE INDEX refunds_by_payment ON refunds (payment);
CREATE INDEX refunds_by_key ON refunds (key);
CREATE INDEX refunds_by_phase ON refunds (phase);
CREATE INDEX refunds_by_due ON refunds (due_boot, due_ms) WHERE workable = 1;

CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    payment INTEGER NOT NULL REFERENCES payments (id),
    number  INTEGER NOT NULL,                              -- in the payment's chain, from 1
    refund  INTEGER NOT NULL REFERENCES refunds (id),
    seq     INTEGER NOT NULL,                              -- in the refund's history, from 1
    wall    INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    prev    BLOB    NOT NULL CHECK (length(prev) = 32),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    UNIQUE (payment, number),
    UNIQUE (refund, seq)
) STRICT;

-- What belongs to a record, by digest: the chain covers these rows, not the bytes.
CREATE TABLE attachments (
    event  INTEGER NOT NULL REFERENCES events (id),
    place  INTEGER NOT NULL,                               -- from 0
    role   TEXT    NOT NULL,
    schema TEXT    NOT NULL,
    digest BLOB    NOT NULL CHECK (length(digest) = 32),   -- of schema and bytes
    PRIMARY KEY (event, place)
) STRICT, WITHOUT ROWID;

-- The bytes, each attachment's own: erasing one refund's erases nobody else's. They are never changed.
CREATE TABLE blobs (
    event INTEGER NOT NULL,
    place INTEGER NOT NULL,
    bytes BLOB    NOT NULL,
    PRIMARY KEY (event, place),
    FOREIGN KEY (event, place) REFERENCES attachments (event, place)
) STRICT;

-- At which gateway an account's refunds are made, fixed by the first command that sends there: a rehearsal must not
-- answer for a live refund, nor a live gateway be asked about a rehearsal.
CREATE TABLE origins (
    provider TEXT NOT NULL,
    account  TEXT NOT NULL,
    origin   TEXT NOT NULL,
    PRIMARY KEY (provider, account)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER origins_stay BEFORE UPDATE ON origins
BEGIN SELECT RAISE(ABORT, 'where an account is never changes'); END;
CREATE TRIGGER origins_last BEFORE DELETE ON origins
BEGIN SELECT RAISE(ABORT, 'where an account is never changes'); END;
CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER events_last BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
CREATE TRIGGER attachments_stay BEFORE UPDATE ON attachments
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER attachments_last BEFORE DELETE ON attachments
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
CREATE TRIGGER blobs_stay BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'attached bytes are never changed, only erased'); END;
CREATE TRIGGER refunds_last BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'refunds are never deleted'); END;
CREATE TRIGGER refunds_stay BEFORE UPDATE OF id, intent, payment, key, planned ON refunds
BEGIN SELECT RAISE(ABORT, 'what a refund is never changes'); END;
CREATE TRIGGER payments_last BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'payments are never deleted'); END;
CREATE TRIGGER payments_stay BEFORE UPDATE OF id, provider, account, payment, currency ON payments
BEGIN SELECT RAISE(ABORT, 'what a payment is never changes'); END;
