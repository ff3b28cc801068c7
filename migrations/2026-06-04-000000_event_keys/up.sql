-- Logs are read by Smart Account, newest first: the key is that order, so that it needs no index
-- beside it. Each event costs one tree less, which is a page of each commit.
CREATE TABLE keyed_events (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    virtual_account_id TEXT,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    actor TEXT NOT NULL,
    instance_id TEXT,
    entitlement_id TEXT,
    PRIMARY KEY (account_id, id)
);
INSERT INTO keyed_events
    (id, account_id, virtual_account_id, at, kind, message, actor, instance_id, entitlement_id)
    SELECT id, account_id, virtual_account_id, at, kind, message, actor, instance_id, entitlement_id
    FROM events ORDER BY id;
CREATE TABLE keyed_on_prem_events (
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    uid TEXT NOT NULL
);
INSERT INTO keyed_on_prem_events (account_id, event_id, uid)
    SELECT e.account_id, e.id, l.uid FROM on_prem_events l JOIN events e ON e.id = l.event_id;
DROP TABLE on_prem_events;
DROP TABLE events;
ALTER TABLE keyed_events RENAME TO events;
CREATE INDEX events_virtual_account ON events (virtual_account_id, id);
CREATE INDEX events_instance ON events (instance_id, id);
CREATE TABLE on_prem_events (
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    uid TEXT NOT NULL,
    PRIMARY KEY (account_id, event_id),
    FOREIGN KEY (account_id, event_id) REFERENCES events (account_id, id)
);
INSERT INTO on_prem_events (account_id, event_id, uid)
    SELECT account_id, event_id, uid FROM keyed_on_prem_events;
DROP TABLE keyed_on_prem_events;
CREATE INDEX on_prem_events_uid ON on_prem_events (uid, event_id);
