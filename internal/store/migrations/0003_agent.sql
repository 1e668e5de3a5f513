-- What is known of the agents on routers: tokens, enrolments, when they were heard of. Not all of them need be of a router
-- that is still there.

CREATE TABLE agent (
    router  KEYTEXT NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    body    text NOT NULL
);
