-- The trail of what was asked and what has changed. position is chain * 2^40 + sequence: records of a chain lie together, in
-- their order. A chain is written by one session at a time, so that servers do not wait for one another.

CREATE TABLE audit_chain (
    chain    bigint NOT NULL PRIMARY KEY,
    first    bigint NOT NULL,
    base     text NOT NULL,
    last     bigint NOT NULL,
    hash     text NOT NULL
);

CREATE TABLE audit_record (
    position  BIGKEY,
    time      bigint NOT NULL,
    account   KEYTEXT NOT NULL,
    name      KEYTEXT NOT NULL,
    resources text NOT NULL,
    previous  text NOT NULL,
    hash      text NOT NULL,
    body      text NOT NULL
);
CREATE INDEX audit_record_time ON audit_record (time, position);
CREATE INDEX audit_record_account ON audit_record (account, time, position);

-- By what records are found; it says nothing that they do not.
CREATE TABLE audit_resource (
    resource KEYTEXT NOT NULL,
    time     bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (resource, time, position)
) CLUSTERED;

-- All chains at one time, sealed.
CREATE TABLE audit_checkpoint (
    number bigint NOT NULL PRIMARY KEY,
    time   bigint NOT NULL,
    heads  text NOT NULL,
    sealed text NOT NULL
);
