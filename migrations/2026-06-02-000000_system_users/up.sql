-- The people of a satellite. Those of CSSM have no system role, and none of the rules here holds for them.
ALTER TABLE users ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN system_role TEXT;
ALTER TABLE users ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN last_login_at TIMESTAMP;
ALTER TABLE users ADD COLUMN previous_login_at TIMESTAMP;
ALTER TABLE users ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN locked_until TIMESTAMP;
ALTER TABLE users ADD COLUMN password_changed_at TIMESTAMP;
ALTER TABLE users ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;

-- Hashes of passwords that were in use, so that they do not come again too soon.
CREATE TABLE former_passwords (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    password_hash TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL
);
CREATE INDEX former_passwords_user ON former_passwords (user_id, id);

-- Clients of the API toolkit belong to a local account and act for it.
ALTER TABLE api_clients ADD COLUMN account_id TEXT REFERENCES smart_accounts (id);
ALTER TABLE api_clients ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE api_clients ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_clients ADD COLUMN created_at TIMESTAMP;
ALTER TABLE api_clients ADD COLUMN expires_at TIMESTAMP;
ALTER TABLE api_clients ADD COLUMN revoked_at TIMESTAMP;
CREATE INDEX api_clients_account ON api_clients (account_id);

-- What a bearer of such a client is limited to, and whether it acts for a user or for the client.
ALTER TABLE credentials ADD COLUMN account_id TEXT REFERENCES smart_accounts (id);
ALTER TABLE credentials ADD COLUMN as_client BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX credentials_account ON credentials (account_id);

-- One row, once the rules are others than the defaults.
CREATE TABLE security_settings (
    site TEXT NOT NULL PRIMARY KEY,
    lock_after BIGINT NOT NULL,
    lock_minutes BIGINT NOT NULL,
    idle_minutes BIGINT NOT NULL,
    max_sessions BIGINT NOT NULL,
    min_length BIGINT NOT NULL,
    upper_case BOOLEAN NOT NULL,
    lower_case BOOLEAN NOT NULL,
    digit BOOLEAN NOT NULL,
    special BOOLEAN NOT NULL,
    remembered BIGINT NOT NULL,
    expiry_days BIGINT NOT NULL,
    warn_days BIGINT NOT NULL,
    change_at_first_login BOOLEAN NOT NULL
);

CREATE TABLE system_events (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX system_events_kind ON system_events (kind, id);
