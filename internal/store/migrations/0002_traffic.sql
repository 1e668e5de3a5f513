-- Traffic: virtual interfaces, the gateways they lead to, the routes on them, failover tests, resiliency groups.
-- As in 0001: times are microseconds since 1970 in UTC, 0 or NULL is none, NULL keeps a row out of an index.
-- CLUSTERED keeps the rows in the order of the primary key, where the engine can.

CREATE TABLE virtual_interface (
    id               KEYTEXT NOT NULL PRIMARY KEY,
    account          KEYTEXT NOT NULL,
    parent_id        KEYTEXT NOT NULL,
    connection_owner KEYTEXT NOT NULL,
    region           KEYTEXT NOT NULL,
    location         KEYTEXT NOT NULL,
    router           KEYTEXT NOT NULL,
    type             KEYTEXT NOT NULL,
    state            KEYTEXT NOT NULL,
    vlan             bigint NOT NULL,
    gateway_id       KEYTEXT,
    created          bigint NOT NULL,
    due              bigint,
    deleted          bigint NOT NULL,
    version          bigint NOT NULL,
    body             text NOT NULL
);
CREATE UNIQUE INDEX virtual_interface_vlan ON virtual_interface (parent_id, vlan) WHERE deleted = 0;
CREATE INDEX virtual_interface_account ON virtual_interface (account, region, created, id);
CREATE INDEX virtual_interface_owner ON virtual_interface (connection_owner, region, created, id);
CREATE INDEX virtual_interface_host ON virtual_interface (connection_owner, region, created, id) WHERE connection_owner <> account;
CREATE INDEX virtual_interface_parent ON virtual_interface (parent_id, created, id);
CREATE INDEX virtual_interface_gateway ON virtual_interface (gateway_id, created, id) WHERE gateway_id IS NOT NULL;
CREATE INDEX virtual_interface_router ON virtual_interface (router, created, id);
CREATE INDEX virtual_interface_due ON virtual_interface (due, id) WHERE due IS NOT NULL;
CREATE INDEX virtual_interface_deleted ON virtual_interface (deleted, id) WHERE deleted > 0;

-- The subnets of the live sessions of a connection or LAG.
CREATE TABLE vif_address (
    parent_id KEYTEXT NOT NULL,
    subnet    KEYTEXT NOT NULL,
    vif_id    KEYTEXT NOT NULL,
    PRIMARY KEY (parent_id, subnet)
) CLUSTERED;
CREATE INDEX vif_address_vif ON vif_address (vif_id, parent_id, subnet);

CREATE TABLE gateway (
    id        KEYTEXT NOT NULL PRIMARY KEY,
    account   KEYTEXT NOT NULL,
    partition KEYTEXT NOT NULL,
    state     KEYTEXT NOT NULL,
    created   bigint NOT NULL,
    due       bigint,
    deleted   bigint NOT NULL,
    version   bigint NOT NULL,
    body      text NOT NULL
);
CREATE INDEX gateway_account ON gateway (account, partition, created, id);
CREATE INDEX gateway_due ON gateway (due, id) WHERE due IS NOT NULL;
CREATE INDEX gateway_deleted ON gateway (deleted, id) WHERE deleted > 0;

CREATE TABLE far_gateway (
    id      KEYTEXT NOT NULL PRIMARY KEY,
    account KEYTEXT NOT NULL,
    region  KEYTEXT NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX far_gateway_account ON far_gateway (account, id);

CREATE TABLE association (
    id            KEYTEXT NOT NULL PRIMARY KEY,
    gateway_id    KEYTEXT NOT NULL,
    gateway_owner KEYTEXT NOT NULL,
    far_id        KEYTEXT NOT NULL,
    far_owner     KEYTEXT NOT NULL,
    state         KEYTEXT NOT NULL,
    created       bigint NOT NULL,
    due           bigint,
    deleted       bigint NOT NULL,
    version       bigint NOT NULL,
    body          text NOT NULL
);
CREATE UNIQUE INDEX association_pair ON association (gateway_id, far_id) WHERE deleted = 0;
CREATE INDEX association_gateway ON association (gateway_id, created, id);
CREATE INDEX association_far ON association (far_id, created, id);
CREATE INDEX association_owner ON association (gateway_owner, created, id);
CREATE INDEX association_far_owner ON association (far_owner, created, id) WHERE far_owner <> gateway_owner;
CREATE INDEX association_due ON association (due, id) WHERE due IS NOT NULL;
CREATE INDEX association_deleted ON association (deleted, id) WHERE deleted > 0;

CREATE TABLE proposal (
    id            KEYTEXT NOT NULL PRIMARY KEY,
    gateway_id    KEYTEXT NOT NULL,
    gateway_owner KEYTEXT NOT NULL,
    proposer      KEYTEXT NOT NULL,
    far_id        KEYTEXT NOT NULL,
    state         KEYTEXT NOT NULL,
    created       bigint NOT NULL,
    due           bigint,
    version       bigint NOT NULL,
    body          text NOT NULL
);
CREATE INDEX proposal_gateway ON proposal (gateway_id, created, id);
CREATE INDEX proposal_far ON proposal (far_id, created, id);
CREATE INDEX proposal_owner ON proposal (gateway_owner, created, id);
CREATE INDEX proposal_proposer ON proposal (proposer, created, id) WHERE proposer <> gateway_owner;
CREATE INDEX proposal_due ON proposal (due, id) WHERE due IS NOT NULL;

-- cidr is the address in hexadecimal and the length, so that texts are in the order of prefixes; see route.go.
CREATE TABLE route (
    vif_id    KEYTEXT NOT NULL,
    direction KEYTEXT NOT NULL,
    family    KEYTEXT NOT NULL,
    cidr      KEYTEXT NOT NULL,
    device    KEYTEXT NOT NULL,
    body      text NOT NULL,
    PRIMARY KEY (vif_id, direction, family, cidr, device)
) CLUSTERED;

CREATE TABLE failover_test (
    id      KEYTEXT NOT NULL PRIMARY KEY,
    vif_id  KEYTEXT NOT NULL,
    account KEYTEXT NOT NULL,
    region  KEYTEXT NOT NULL,
    status  KEYTEXT NOT NULL,
    started bigint NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX failover_test_account ON failover_test (account, region, started, id);
CREATE INDEX failover_test_vif ON failover_test (vif_id, started, id);
CREATE INDEX failover_test_started ON failover_test (started, id);

CREATE TABLE resiliency_group (
    id      KEYTEXT NOT NULL PRIMARY KEY,
    account KEYTEXT NOT NULL,
    region  KEYTEXT NOT NULL,
    state   KEYTEXT NOT NULL,
    created bigint NOT NULL,
    due     bigint,
    deleted bigint NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL
);
CREATE INDEX resiliency_group_account ON resiliency_group (account, region, created, id);
CREATE INDEX resiliency_group_due ON resiliency_group (due, id) WHERE due IS NOT NULL;
CREATE INDEX resiliency_group_deleted ON resiliency_group (deleted, id) WHERE deleted > 0;

-- id is group_id/connection_id.
CREATE TABLE resiliency_member (
    id            KEYTEXT NOT NULL PRIMARY KEY,
    group_id      KEYTEXT NOT NULL,
    connection_id KEYTEXT NOT NULL,
    region        KEYTEXT NOT NULL,
    account       KEYTEXT NOT NULL,
    state         KEYTEXT NOT NULL,
    due           bigint,
    version       bigint NOT NULL,
    body          text NOT NULL
);
CREATE INDEX resiliency_member_connection ON resiliency_member (connection_id, id);
CREATE INDEX resiliency_member_group ON resiliency_member (group_id, id);
CREATE INDEX resiliency_member_due ON resiliency_member (due, id) WHERE due IS NOT NULL;

-- What a request with a client token has done, so that its repetition does not do it again.
CREATE TABLE client_token (
    account      KEYTEXT NOT NULL,
    operation    KEYTEXT NOT NULL,
    token        KEYTEXT NOT NULL,
    request_hash text NOT NULL,
    answer_id    text NOT NULL,
    created      bigint NOT NULL,
    PRIMARY KEY (account, operation, token)
) CLUSTERED;
CREATE INDEX client_token_created ON client_token (created);
