-- Partners and their customers.
CREATE TABLE hub_organizations (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    partner_id TEXT REFERENCES hub_organizations (id)
);
CREATE UNIQUE INDEX hub_organizations_key ON hub_organizations (key);
CREATE INDEX hub_organizations_partner ON hub_organizations (partner_id, name);

CREATE TABLE hub_roles (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    role TEXT NOT NULL
);
CREATE UNIQUE INDEX hub_roles_once ON hub_roles (user_id, organization_id, role);
CREATE INDEX hub_roles_organization ON hub_roles (organization_id);

CREATE TABLE hub_events (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX hub_events_organization ON hub_events (organization_id, id);

-- What the clock will do for the hub, one row for each thing that waits.
CREATE TABLE hub_deadlines (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX hub_deadlines_due ON hub_deadlines (due_at);
