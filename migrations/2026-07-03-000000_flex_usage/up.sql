-- Flex usage of Unified CM Cloud: what was bought, the clusters that use it, and how much on each day.
CREATE TABLE flex_subscriptions (
    number BIGINT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    order_id TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    model TEXT NOT NULL,
    professional BIGINT NOT NULL,
    enhanced BIGINT NOT NULL,
    access BIGINT NOT NULL,
    knowledge_worker BIGINT NOT NULL,
    common_area BIGINT NOT NULL,
    telepresence BIGINT NOT NULL,
    starts DATE NOT NULL,
    ends DATE,
    cancelled_at TIMESTAMP
);
CREATE UNIQUE INDEX flex_subscriptions_order ON flex_subscriptions (order_id);
CREATE UNIQUE INDEX flex_subscriptions_id ON flex_subscriptions (subscription_id);
CREATE INDEX flex_subscriptions_organization ON flex_subscriptions (organization_id, number);

-- `secret` is the digest of the text that its agent shows.
CREATE TABLE flex_clusters (
    number BIGINT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    subscription BIGINT REFERENCES flex_subscriptions (number),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    region TEXT NOT NULL,
    version TEXT NOT NULL,
    publisher TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    found BOOLEAN NOT NULL,
    verified_at TIMESTAMP,
    secret TEXT
);
CREATE UNIQUE INDEX flex_clusters_name ON flex_clusters (organization_id, name_key);
CREATE UNIQUE INDEX flex_clusters_secret ON flex_clusters (secret);
CREATE INDEX flex_clusters_subscription ON flex_clusters (subscription, number);

-- Publishers that were installed: the daily look finds those of release 12.x.
CREATE TABLE flex_publishers (
    number BIGINT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES hub_organizations (id),
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    version TEXT NOT NULL,
    publisher TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    looked_at TIMESTAMP,
    cluster BIGINT REFERENCES flex_clusters (number)
);
CREATE INDEX flex_publishers_organization ON flex_publishers (organization_id, number);
CREATE INDEX flex_publishers_cluster ON flex_publishers (cluster);

-- One row for each cluster and day; `day` counts from 1970-01-01. A report is a stretch of the key.
CREATE TABLE flex_days (
    cluster BIGINT NOT NULL REFERENCES flex_clusters (number),
    day INTEGER NOT NULL,
    professional BIGINT NOT NULL,
    enhanced BIGINT NOT NULL,
    access BIGINT NOT NULL,
    knowledge_worker BIGINT NOT NULL,
    common_area BIGINT NOT NULL,
    telepresence BIGINT NOT NULL,
    PRIMARY KEY (cluster, day)
);
