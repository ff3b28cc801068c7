-- Which events are about an On-Prem; they stay when its row goes.
CREATE TABLE on_prem_events (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id),
    uid TEXT NOT NULL
);
CREATE INDEX on_prem_events_uid ON on_prem_events (uid, event_id);
