DROP TABLE hub_deadlines;
DROP TABLE hub_events;
DROP TABLE hub_roles;
DROP TABLE hub_organizations;
