-- Satellites: local accounts and what they exchange with CSSM (docs/SATELLITE.md).

-- On a satellite. `account_id` is there once the account is registered.
CREATE TABLE local_accounts (
    uid TEXT NOT NULL PRIMARY KEY,
    account_id TEXT REFERENCES smart_accounts (id),
    number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    smart_account TEXT NOT NULL,
    virtual_account TEXT NOT NULL,
    email TEXT NOT NULL,
    message TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    registration_nonce TEXT,
    registered_at TIMESTAMP,
    by_file BOOLEAN NOT NULL,
    hides TEXT NOT NULL,
    credential TEXT,
    credential_ends TIMESTAMP
);
CREATE INDEX local_accounts_account ON local_accounts (account_id);

-- Where a registered local account stands with its synchronization.
CREATE TABLE sync_standings (
    uid TEXT NOT NULL PRIMARY KEY REFERENCES local_accounts (uid),
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    next_sequence BIGINT NOT NULL,
    base TEXT,
    state TEXT NOT NULL,
    problem TEXT NOT NULL,
    needs_full BOOLEAN NOT NULL,
    last_kind TEXT,
    last_at TIMESTAMP,
    due TIMESTAMP NOT NULL,
    deadline TIMESTAMP NOT NULL,
    schedule TEXT,
    next_at TIMESTAMP,
    due_at TIMESTAMP,
    settled_at TIMESTAMP
);
CREATE INDEX sync_standings_account ON sync_standings (account_id);
CREATE INDEX sync_standings_due ON sync_standings (due_at);
CREATE INDEX sync_standings_next ON sync_standings (next_at);

-- Requests that were made since the last one that was confirmed.
CREATE TABLE sync_requests (
    uid TEXT NOT NULL REFERENCES local_accounts (uid),
    sequence BIGINT NOT NULL,
    nonce TEXT NOT NULL,
    kind TEXT NOT NULL,
    by_file BOOLEAN NOT NULL,
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (uid, sequence)
);

-- What changed since, with the number of the request that will tell it.
CREATE TABLE sync_changes (
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    what TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (account_id, what, id)
);

-- On CSSM. The row stays when the On-Prem is removed, until its alert is dismissed.
CREATE TABLE on_prems (
    uid TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    version TEXT NOT NULL,
    email TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    public_key TEXT NOT NULL,
    certificate TEXT NOT NULL,
    registration_nonce TEXT NOT NULL,
    ready_at TIMESTAMP NOT NULL,
    fetched_at TIMESTAMP,
    credential TEXT,
    credential_ends TIMESTAMP,
    last_sequence BIGINT NOT NULL,
    last_nonce TEXT,
    last_made_at TIMESTAMP,
    last_kind TEXT,
    last_at TIMESTAMP,
    due TIMESTAMP NOT NULL,
    deadline TIMESTAMP NOT NULL,
    due_at TIMESTAMP,
    settled_at TIMESTAMP
);
CREATE INDEX on_prems_account ON on_prems (account_id, name_key);
CREATE INDEX on_prems_due ON on_prems (due_at);

-- Requests that were accepted: a replay is told from a file of last month.
CREATE TABLE on_prem_files (
    uid TEXT NOT NULL REFERENCES on_prems (uid),
    nonce TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    taken_at TIMESTAMP NOT NULL,
    taken_by TEXT NOT NULL,
    PRIMARY KEY (uid, nonce)
);

-- Which instances an On-Prem has told of: `digest` is that of the last record, `seen` the last full request
-- that had it.
CREATE TABLE mirrors (
    instance_id TEXT NOT NULL PRIMARY KEY REFERENCES instances (id),
    uid TEXT NOT NULL REFERENCES on_prems (uid),
    digest TEXT NOT NULL,
    seen BIGINT NOT NULL
);
CREATE INDEX mirrors_uid ON mirrors (uid, seen);

CREATE TABLE mirrored_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    uid TEXT NOT NULL REFERENCES on_prems (uid),
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    local_virtual_account TEXT NOT NULL,
    short TEXT NOT NULL,
    description TEXT NOT NULL,
    export_allowed BOOLEAN NOT NULL,
    max_uses BIGINT,
    uses BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    seen BIGINT NOT NULL
);
CREATE INDEX mirrored_tokens_uid ON mirrored_tokens (uid, seen);
CREATE INDEX mirrored_tokens_virtual_account ON mirrored_tokens (virtual_account_id, id);

ALTER TABLE virtual_accounts ADD COLUMN on_prem_uid TEXT REFERENCES on_prems (uid);
CREATE INDEX virtual_accounts_on_prem ON virtual_accounts (on_prem_uid);
-- On a satellite: whose licenses and instances these are in CSSM.
ALTER TABLE virtual_accounts ADD COLUMN upstream_id TEXT;
ALTER TABLE license_lines ADD COLUMN upstream_id TEXT;
CREATE INDEX license_lines_upstream ON license_lines (upstream_id) WHERE upstream_id IS NOT NULL;
