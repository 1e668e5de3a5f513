-- Who acts for an account, and what they may do. name is in lower case, as names of one kind differ in more than their case.

CREATE TABLE principal (
    account KEYTEXT NOT NULL REFERENCES account (id),
    kind    KEYTEXT NOT NULL,
    name    KEYTEXT NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL,
    PRIMARY KEY (account, kind, name)
);

CREATE TABLE policy (
    account KEYTEXT NOT NULL REFERENCES account (id),
    name    KEYTEXT NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL,
    PRIMARY KEY (account, name)
);

-- Moves on with every change of an account's principals and policies, so that one read tells whether what is known of them
-- still holds.
CREATE TABLE permission (
    account KEYTEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    version bigint NOT NULL
);

-- The user that a key belongs to, as named in principal; empty: the account itself.
ALTER TABLE access_key ADD COLUMN user_name KEYTEXT NOT NULL DEFAULT '';
