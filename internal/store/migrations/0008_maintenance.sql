-- Planned work, and what it hits. ended is 0 while it is still to come or in progress.

CREATE TABLE maintenance (
    id      KEYTEXT NOT NULL PRIMARY KEY,
    status  KEYTEXT NOT NULL,
    starts  bigint NOT NULL,
    ends    bigint NOT NULL,
    created bigint NOT NULL,
    ended   bigint NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX maintenance_starts ON maintenance (starts, id);
CREATE INDEX maintenance_open ON maintenance (ends, id) WHERE ended = 0;
CREATE INDEX maintenance_ended ON maintenance (ended, id) WHERE ended > 0;

-- account is empty for what is the operator's own. active is 1 while the work is in progress.
CREATE TABLE maintenance_resource (
    maintenance_id KEYTEXT NOT NULL REFERENCES maintenance (id),
    account        KEYTEXT NOT NULL,
    resource       KEYTEXT NOT NULL,
    kind           KEYTEXT NOT NULL,
    region         KEYTEXT NOT NULL,
    impact         KEYTEXT NOT NULL,
    active         bigint NOT NULL,
    PRIMARY KEY (maintenance_id, account, resource)
) CLUSTERED;
CREATE INDEX maintenance_resource_account ON maintenance_resource (account, maintenance_id);
CREATE INDEX maintenance_resource_found ON maintenance_resource (resource, maintenance_id);
CREATE INDEX maintenance_resource_active ON maintenance_resource (resource) WHERE active = 1;
