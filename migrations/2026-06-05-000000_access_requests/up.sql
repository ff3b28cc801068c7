-- Who has asked for a role in a local account of a satellite; a decision takes the row away.
CREATE TABLE access_requests (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    message TEXT NOT NULL,
    requested_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX access_requests_account ON access_requests (account_id, user_id);
CREATE INDEX access_requests_user ON access_requests (user_id);
