DROP TABLE instance_members;
