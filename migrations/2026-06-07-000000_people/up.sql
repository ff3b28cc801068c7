-- Groups of a satellite's users: who is a member has the group's roles.
CREATE TABLE user_groups (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL
);
CREATE UNIQUE INDEX user_groups_name ON user_groups (name_key);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES user_groups (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);

CREATE TABLE group_roles (
    id TEXT NOT NULL PRIMARY KEY,
    group_id TEXT NOT NULL REFERENCES user_groups (id),
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    virtual_account_id TEXT REFERENCES virtual_accounts (id),
    role TEXT NOT NULL,
    nested BOOLEAN NOT NULL
);
CREATE INDEX group_roles_group ON group_roles (group_id);
CREATE INDEX group_roles_account ON group_roles (account_id);
CREATE INDEX group_roles_virtual_account ON group_roles (virtual_account_id);

-- A mail that opens something, such as a link for another password: shown to System Admins only.
ALTER TABLE outbox ADD COLUMN confidential BOOLEAN NOT NULL DEFAULT FALSE;
