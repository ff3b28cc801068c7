-- One text for SQLite and PostgreSQL: TEXT, BIGINT, BOOLEAN, DATE and TIMESTAMP only, ids made by us,
-- no defaults that read a clock. Every foreign key has an index.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE site_keys (
    name TEXT NOT NULL PRIMARY KEY,
    private_key TEXT NOT NULL,
    certificate TEXT NOT NULL
);

CREATE TABLE smart_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    domain TEXT NOT NULL,
    domain_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    agreement_version TEXT,
    agreement_by TEXT,
    agreement_at TIMESTAMP,
    export_entitled BOOLEAN NOT NULL,
    reservation_enabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE virtual_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    parent_id TEXT REFERENCES virtual_accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    access TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    satellite TEXT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, name_key)
);
CREATE INDEX virtual_accounts_parent ON virtual_accounts (parent_id);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL
);

CREATE TABLE role_assignments (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    virtual_account_id TEXT REFERENCES virtual_accounts (id),
    role TEXT NOT NULL,
    nested BOOLEAN NOT NULL
);
CREATE INDEX role_assignments_user ON role_assignments (user_id);
CREATE INDEX role_assignments_account ON role_assignments (account_id);
CREATE INDEX role_assignments_virtual_account ON role_assignments (virtual_account_id);

CREATE TABLE api_clients (
    client_id TEXT NOT NULL PRIMARY KEY,
    secret_digest TEXT NOT NULL,
    name TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    redirect_uris TEXT NOT NULL
);
CREATE INDEX api_clients_user ON api_clients (user_id);

-- Browser sessions, bearer tokens, refresh tokens and authorization codes: opaque texts, hashed.
CREATE TABLE credentials (
    digest TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    client_id TEXT,
    redirect_uri TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX credentials_user ON credentials (user_id);
CREATE INDEX credentials_expiry ON credentials (expires_at);

CREATE TABLE registration_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    text TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    export_allowed BOOLEAN NOT NULL,
    max_uses BIGINT,
    uses BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX registration_tokens_account ON registration_tokens (account_id);
CREATE INDEX registration_tokens_virtual_account ON registration_tokens (virtual_account_id, id);

CREATE TABLE entitlements (
    id TEXT NOT NULL PRIMARY KEY,
    tag TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    billing TEXT NOT NULL,
    enforced BOOLEAN NOT NULL,
    export_restricted BOOLEAN NOT NULL
);

CREATE TABLE license_lines (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    license_type TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    starts DATE NOT NULL,
    ends DATE,
    order_number TEXT,
    sku TEXT,
    subscription_id TEXT
);
CREATE INDEX license_lines_account ON license_lines (account_id);
CREATE INDEX license_lines_pool ON license_lines (virtual_account_id, entitlement_id);
CREATE INDEX license_lines_entitlement ON license_lines (entitlement_id);

CREATE TABLE instances (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    udi_key TEXT NOT NULL UNIQUE,
    udi_pid TEXT,
    udi_serial TEXT,
    udi_vid TEXT,
    udi_uuid TEXT,
    udi_suvi TEXT,
    udi_host TEXT,
    udi_mac TEXT,
    name_key TEXT NOT NULL,
    software_tag TEXT NOT NULL,
    product_name TEXT NOT NULL,
    hostname TEXT,
    export_allowed BOOLEAN NOT NULL,
    token_id TEXT,
    reserved BOOLEAN NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    last_contact_at TIMESTAMP NOT NULL,
    identity_serial BIGINT NOT NULL,
    identity_key TEXT NOT NULL,
    identity_issued_at TIMESTAMP NOT NULL,
    identity_expires_at TIMESTAMP NOT NULL,
    last_message_at TIMESTAMP NOT NULL,
    authorized_at TIMESTAMP,
    authorization_expires_at TIMESTAMP,
    in_compliance BOOLEAN
);
CREATE INDEX instances_account ON instances (account_id);
CREATE INDEX instances_virtual_account ON instances (virtual_account_id, name_key, id);

CREATE TABLE usage (
    instance_id TEXT NOT NULL REFERENCES instances (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    quantity BIGINT NOT NULL,
    PRIMARY KEY (instance_id, entitlement_id)
);
CREATE INDEX usage_entitlement ON usage (entitlement_id);

-- The sum of `usage` over a virtual account, kept beside it: a renewal must not count ten thousand rows.
CREATE TABLE pools (
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    reported BIGINT NOT NULL,
    PRIMARY KEY (virtual_account_id, entitlement_id)
);
CREATE INDEX pools_entitlement ON pools (entitlement_id);

CREATE TABLE reservations (
    id TEXT NOT NULL PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id),
    line_id TEXT NOT NULL REFERENCES license_lines (id),
    quantity BIGINT NOT NULL
);
CREATE INDEX reservations_instance ON reservations (instance_id);
CREATE INDEX reservations_line ON reservations (line_id);

-- By Smart Account, because writers of different accounts must not sweep each other's rows.
CREATE TABLE registration_nonces (
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    nonce TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, nonce)
);
CREATE INDEX registration_nonces_expiry ON registration_nonces (account_id, expires_at);

-- Logs keep the names of their day: no foreign keys to things that may go.
CREATE TABLE events (
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
CREATE INDEX events_account ON events (account_id, id);
CREATE INDEX events_virtual_account ON events (virtual_account_id, id);
CREATE INDEX events_instance ON events (instance_id, id);

CREATE TABLE license_transactions (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    quantity BIGINT NOT NULL,
    ends DATE,
    source_id TEXT,
    target_id TEXT,
    reference TEXT,
    actor TEXT NOT NULL
);
CREATE INDEX license_transactions_account ON license_transactions (account_id, id);
CREATE INDEX license_transactions_entitlement ON license_transactions (entitlement_id);

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX outbox_account ON outbox (account_id, id);

CREATE TABLE polls (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    action TEXT NOT NULL,
    ready_at TIMESTAMP NOT NULL,
    answer TEXT NOT NULL
);
CREATE INDEX polls_user ON polls (user_id);
