-- Who may log in at the console, and who is logged in. name is a user of the account, in lower case. Of a session only the hash
-- of what its cookie holds is kept; seen and expires are of the real clock.

CREATE TABLE console_login (
    account KEYTEXT NOT NULL,
    name    KEYTEXT NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE console_session (
    hash    KEYTEXT NOT NULL PRIMARY KEY,
    account KEYTEXT NOT NULL,
    name    KEYTEXT NOT NULL,
    seen    bigint NOT NULL,
    expires bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX console_session_user ON console_session (account, name);
CREATE INDEX console_session_seen ON console_session (seen);
