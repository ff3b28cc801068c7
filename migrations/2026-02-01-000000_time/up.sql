-- What time changes, and what people say about virtual accounts and licenses.

ALTER TABLE entitlements ADD COLUMN family TEXT;
ALTER TABLE entitlements ADD COLUMN tier BIGINT;

ALTER TABLE license_lines ADD COLUMN booking TEXT NOT NULL DEFAULT 'booked';
ALTER TABLE license_lines ADD COLUMN enterprise_agreement BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE license_lines ADD COLUMN portable BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE license_lines ADD COLUMN source TEXT NOT NULL DEFAULT 'order';
ALTER TABLE license_lines ADD COLUMN pak TEXT;
ALTER TABLE license_lines ADD COLUMN product_serial TEXT;
ALTER TABLE license_lines ADD COLUMN product_family TEXT;
ALTER TABLE license_lines ADD COLUMN device_details TEXT;

-- `due_at` is never later than the next instant at which time changes something about the row. Rows that were
-- there before begin at the beginning, and the first settling walks through what they have missed.
ALTER TABLE license_lines ADD COLUMN due_at TIMESTAMP;
ALTER TABLE instances ADD COLUMN due_at TIMESTAMP;
ALTER TABLE instances ADD COLUMN alerting BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registration_tokens ADD COLUMN due_at TIMESTAMP;
UPDATE license_lines
    SET due_at = (SELECT created_at FROM smart_accounts WHERE smart_accounts.id = license_lines.account_id);
UPDATE instances SET due_at = registered_at WHERE reserved = FALSE;
UPDATE registration_tokens SET due_at = expires_at WHERE revoked_at IS NULL;
CREATE INDEX license_lines_due ON license_lines (due_at);
CREATE INDEX license_lines_account_due ON license_lines (account_id, due_at);
CREATE INDEX instances_due ON instances (due_at);
CREATE INDEX instances_account_due ON instances (account_id, due_at);
CREATE INDEX registration_tokens_due ON registration_tokens (due_at);
CREATE INDEX registration_tokens_account_due ON registration_tokens (account_id, due_at);
-- They begin with the account too.
DROP INDEX license_lines_account;
DROP INDEX instances_account;
DROP INDEX registration_tokens_account;
CREATE INDEX instances_alerting ON instances (virtual_account_id) WHERE alerting;

CREATE TABLE virtual_account_tags (
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    tag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (virtual_account_id, tag_key)
);

CREATE TABLE license_tags (
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    tag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (virtual_account_id, entitlement_id, tag_key)
);
CREATE INDEX license_tags_entitlement ON license_tags (entitlement_id);

-- What a person has dismissed; alerts themselves are derived.
CREATE TABLE dismissals (
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    alert_key TEXT NOT NULL,
    dismissed_by TEXT NOT NULL,
    dismissed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (virtual_account_id, alert_key)
);

-- Informational messages of a virtual account, shown for some days.
CREATE TABLE notices (
    event_id TEXT NOT NULL PRIMARY KEY,
    virtual_account_id TEXT NOT NULL REFERENCES virtual_accounts (id),
    at TIMESTAMP NOT NULL,
    message TEXT NOT NULL,
    entitlement_id TEXT
);
CREATE INDEX notices_virtual_account ON notices (virtual_account_id, at);

-- Names of virtual accounts that were deleted: the logs go on telling of them.
CREATE TABLE former_virtual_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    name TEXT NOT NULL,
    deleted_at TIMESTAMP NOT NULL
);
CREATE INDEX former_virtual_accounts_account ON former_virtual_accounts (account_id);
