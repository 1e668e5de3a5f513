-- What a router is made of, and its address on the backbone.

ALTER TABLE router ADD COLUMN body text NOT NULL DEFAULT '{}';
