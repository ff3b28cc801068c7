DROP TABLE authorizations;
DROP TABLE reserved_instances;
CREATE TABLE holdings (
    id TEXT NOT NULL PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id),
    line_id TEXT NOT NULL REFERENCES license_lines (id),
    quantity BIGINT NOT NULL
);
INSERT INTO holdings (id, instance_id, line_id, quantity)
    SELECT id, instance_id, line_id, quantity FROM reservations WHERE line_id IS NOT NULL;
DROP TABLE reservations;
ALTER TABLE holdings RENAME TO reservations;
CREATE INDEX reservations_instance ON reservations (instance_id);
CREATE INDEX reservations_line ON reservations (line_id);
DROP TABLE inventory_additions;
DROP TABLE product_licenses;
DROP TABLE products;
ALTER TABLE smart_accounts DROP COLUMN add_to_inventory;
