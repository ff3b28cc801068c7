DROP TABLE flex_days;
DROP TABLE flex_publishers;
DROP TABLE flex_clusters;
DROP TABLE flex_subscriptions;
