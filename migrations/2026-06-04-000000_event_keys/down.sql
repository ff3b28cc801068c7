CREATE TABLE plain_events (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    virtual_account_id TEXT,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    actor TEXT NOT NULL,
    instance_id TEXT,
    entitlement_id TEXT
);
INSERT INTO plain_events
    (id, account_id, virtual_account_id, at, kind, message, actor, instance_id, entitlement_id)
    SELECT id, account_id, virtual_account_id, at, kind, message, actor, instance_id, entitlement_id
    FROM events ORDER BY id;
CREATE TABLE plain_on_prem_events (
    event_id TEXT NOT NULL,
    uid TEXT NOT NULL
);
INSERT INTO plain_on_prem_events (event_id, uid) SELECT event_id, uid FROM on_prem_events;
DROP TABLE on_prem_events;
DROP TABLE events;
ALTER TABLE plain_events RENAME TO events;
CREATE INDEX events_account ON events (account_id, id);
CREATE INDEX events_virtual_account ON events (virtual_account_id, id);
CREATE INDEX events_instance ON events (instance_id, id);
CREATE TABLE on_prem_events (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id),
    uid TEXT NOT NULL
);
INSERT INTO on_prem_events (event_id, uid) SELECT event_id, uid FROM plain_on_prem_events;
DROP TABLE plain_on_prem_events;
CREATE INDEX on_prem_events_uid ON on_prem_events (uid, event_id);
