-- The units of high-availability groups. A device is a unit of at most one.
CREATE TABLE instance_members (
    udi_key TEXT NOT NULL PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id),
    position BIGINT NOT NULL,
    role TEXT NOT NULL,
    udi_pid TEXT,
    udi_serial TEXT,
    udi_vid TEXT,
    udi_uuid TEXT,
    udi_suvi TEXT,
    udi_host TEXT,
    udi_mac TEXT,
    search_key TEXT NOT NULL
);
CREATE INDEX instance_members_instance ON instance_members (instance_id, position);
