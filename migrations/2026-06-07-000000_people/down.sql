ALTER TABLE outbox DROP COLUMN confidential;
DROP TABLE group_roles;
DROP TABLE group_members;
DROP TABLE user_groups;
