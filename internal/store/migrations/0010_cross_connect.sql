-- The life of a port on the patch panel. It outlives the connections that hold it.

-- No new orders are placed on a router while drained is 1, nor on a port while blocked is 1.
ALTER TABLE router ADD COLUMN drained bigint NOT NULL DEFAULT 0;
ALTER TABLE port ADD COLUMN blocked bigint NOT NULL DEFAULT 0;
DROP INDEX port_free;
CREATE INDEX port_free ON port (router, bandwidth, macsec, spread, id) WHERE connection_id IS NULL AND blocked = 0;

CREATE TABLE cross_connect (
    connection KEYTEXT NOT NULL PRIMARY KEY,
    account    KEYTEXT NOT NULL,
    location   KEYTEXT NOT NULL,
    port       KEYTEXT NOT NULL,
    version    bigint NOT NULL,
    body       text NOT NULL
);
CREATE INDEX cross_connect_location ON cross_connect (location, connection);
CREATE INDEX cross_connect_account ON cross_connect (account, connection);

-- content is in base 64.
CREATE TABLE cross_connect_attachment (
    connection KEYTEXT NOT NULL,
    name       KEYTEXT NOT NULL,
    media      KEYTEXT NOT NULL,
    size       bigint NOT NULL,
    added      bigint NOT NULL,
    content    text NOT NULL,
    PRIMARY KEY (connection, name)
);

-- What has happened to a port. id sets apart what happened at the same time.
CREATE TABLE port_event (
    port       KEYTEXT NOT NULL,
    time       bigint NOT NULL,
    id         KEYTEXT NOT NULL,
    connection KEYTEXT NOT NULL,
    body       text NOT NULL,
    PRIMARY KEY (port, time, id)
) CLUSTERED;
CREATE INDEX port_event_connection ON port_event (connection, time, id);
