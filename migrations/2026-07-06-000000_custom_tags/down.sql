DROP TABLE custom_tags;
