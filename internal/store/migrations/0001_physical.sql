-- The physical layer: who, where, ports, and what is ordered.
-- Times are microseconds since 1970 in UTC; 0 or NULL is none. NULL keeps a row out of an index.

CREATE TABLE setting (
    name  KEYTEXT NOT NULL PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE account (
    id      KEYTEXT NOT NULL PRIMARY KEY,
    open    bigint NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX account_configured ON account (id) WHERE open = 0;

CREATE TABLE access_key (
    id       KEYTEXT NOT NULL PRIMARY KEY,
    account  KEYTEXT NOT NULL REFERENCES account (id),
    sealed   text NOT NULL,
    created  bigint NOT NULL,
    disabled bigint NOT NULL
);
CREATE INDEX access_key_account ON access_key (account, id);

CREATE TABLE secret (
    arn     KEYTEXT NOT NULL PRIMARY KEY,
    account KEYTEXT NOT NULL,
    region  KEYTEXT NOT NULL,
    ckn     KEYTEXT NOT NULL,
    cak     text NOT NULL,
    created bigint NOT NULL
);
CREATE INDEX secret_ckn ON secret (account, region, ckn, arn);

CREATE TABLE location (
    code    KEYTEXT NOT NULL PRIMARY KEY,
    region  KEYTEXT NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX location_region ON location (region, code);

CREATE TABLE router (
    name     KEYTEXT NOT NULL PRIMARY KEY,
    location KEYTEXT NOT NULL REFERENCES location (code),
    region   KEYTEXT NOT NULL,
    version  bigint NOT NULL
);
CREATE INDEX router_location ON router (location, name);

CREATE TABLE port (
    id            KEYTEXT NOT NULL PRIMARY KEY,
    router        KEYTEXT NOT NULL REFERENCES router (name),
    location      KEYTEXT NOT NULL,
    bandwidth     KEYTEXT NOT NULL,
    macsec        bigint NOT NULL,
    position      bigint NOT NULL,
    spread        bigint NOT NULL,
    connection_id KEYTEXT,
    version       bigint NOT NULL,
    body          text NOT NULL
);
CREATE UNIQUE INDEX port_connection ON port (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX port_free ON port (router, bandwidth, macsec, spread, id) WHERE connection_id IS NULL;
CREATE INDEX port_router ON port (router, id);
CREATE INDEX port_location ON port (location, id);

CREATE TABLE connection (
    id        KEYTEXT NOT NULL PRIMARY KEY,
    kind      KEYTEXT NOT NULL,
    account   KEYTEXT NOT NULL,
    region    KEYTEXT NOT NULL,
    location  KEYTEXT NOT NULL,
    state     KEYTEXT NOT NULL,
    lag_id    KEYTEXT,
    parent_id KEYTEXT,
    partner   KEYTEXT,
    vlan      bigint NOT NULL,
    port_id   KEYTEXT,
    router    KEYTEXT NOT NULL,
    created   bigint NOT NULL,
    due       bigint,
    deleted   bigint NOT NULL,
    version   bigint NOT NULL,
    body      text NOT NULL
);
CREATE UNIQUE INDEX connection_vlan ON connection (parent_id, vlan) WHERE parent_id IS NOT NULL AND deleted = 0;
CREATE INDEX connection_account ON connection (account, region, created, id);
CREATE INDEX connection_location ON connection (location, created, id);
-- In no order, as a router's are as few as its ports; with all that counting an account's needs.
CREATE INDEX connection_router ON connection (router, account, deleted, kind);
CREATE INDEX connection_lag ON connection (lag_id, created, id) WHERE lag_id IS NOT NULL;
CREATE INDEX connection_parent ON connection (parent_id, created, id) WHERE parent_id IS NOT NULL;
CREATE INDEX connection_partner ON connection (partner, created, id) WHERE partner IS NOT NULL;
CREATE INDEX connection_due ON connection (due, id) WHERE due IS NOT NULL;
CREATE INDEX connection_deleted ON connection (deleted, id) WHERE deleted > 0;

CREATE TABLE lag (
    id       KEYTEXT NOT NULL PRIMARY KEY,
    account  KEYTEXT NOT NULL,
    region   KEYTEXT NOT NULL,
    location KEYTEXT NOT NULL,
    router   KEYTEXT NOT NULL,
    created  bigint NOT NULL,
    due      bigint,
    deleted  bigint NOT NULL,
    version  bigint NOT NULL,
    body     text NOT NULL
);
CREATE INDEX lag_account ON lag (account, region, created, id);
CREATE INDEX lag_location ON lag (location, created, id);
CREATE INDEX lag_router ON lag (router, created, id);
CREATE INDEX lag_due ON lag (due, id) WHERE due IS NOT NULL;
CREATE INDEX lag_deleted ON lag (deleted, id) WHERE deleted > 0;
