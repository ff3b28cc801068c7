-- What labels that begin with a name may say: `allowed` has the values, by comma.
CREATE TABLE custom_tags (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    allowed TEXT NOT NULL
);
CREATE UNIQUE INDEX custom_tags_name ON custom_tags (account_id, name_key);
