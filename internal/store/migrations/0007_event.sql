-- What has happened, in the order in which it was committed as far as one resource is concerned.

CREATE TABLE event (
    position BIGKEY,
    id       KEYTEXT NOT NULL,
    time     bigint NOT NULL,
    account  KEYTEXT NOT NULL,
    kind     KEYTEXT NOT NULL,
    resource KEYTEXT NOT NULL,
    body     text NOT NULL
);
CREATE INDEX event_account ON event (account, position);
CREATE INDEX event_resource ON event (resource, position);

-- Who is told. patterns are separated by blanks; none: everything. account is empty for all accounts.
CREATE TABLE webhook (
    id       KEYTEXT NOT NULL PRIMARY KEY,
    account  KEYTEXT NOT NULL,
    patterns text NOT NULL,
    paused   bigint NOT NULL,
    created  bigint NOT NULL,
    version  bigint NOT NULL,
    body     text NOT NULL
);

-- What each is still to be told, and what became of the rest. due is empty when nothing more is to be done, and of the
-- installation's clock; lease is of the real one: until then somebody is at it.
CREATE TABLE delivery (
    webhook  KEYTEXT NOT NULL REFERENCES webhook (id),
    position bigint NOT NULL,
    resource KEYTEXT NOT NULL,
    state    KEYTEXT NOT NULL,
    due      bigint,
    lease    bigint NOT NULL,
    body     text NOT NULL,
    PRIMARY KEY (webhook, position)
) CLUSTERED;
CREATE INDEX delivery_due ON delivery (webhook, due, position) WHERE due IS NOT NULL;
CREATE INDEX delivery_resource ON delivery (webhook, resource, position) WHERE due IS NOT NULL;
CREATE INDEX delivery_dead ON delivery (webhook, position) WHERE state = 'dead';
CREATE INDEX delivery_position ON delivery (position);

-- What is to be told of later, if it is still true by then.
CREATE TABLE reminder (
    id       KEYTEXT NOT NULL PRIMARY KEY,
    resource KEYTEXT NOT NULL,
    due      bigint
);
CREATE INDEX reminder_due ON reminder (due, id) WHERE due IS NOT NULL;
EVENTSEQUENCE
