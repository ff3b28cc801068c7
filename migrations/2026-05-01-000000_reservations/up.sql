-- Reservations: what devices hold, the codes they were given, and the products that are known.

ALTER TABLE smart_accounts ADD COLUMN add_to_inventory BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE products (
    software_tag TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    pid TEXT,
    fingerprint TEXT NOT NULL UNIQUE
);
CREATE INDEX products_pid ON products (pid);

-- What a device of a product may bring into the inventory, and what devices have brought.
CREATE TABLE product_licenses (
    software_tag TEXT NOT NULL REFERENCES products (software_tag),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    quantity BIGINT NOT NULL,
    PRIMARY KEY (software_tag, entitlement_id)
);
CREATE INDEX product_licenses_entitlement ON product_licenses (entitlement_id);

CREATE TABLE inventory_additions (
    udi_key TEXT NOT NULL,
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    PRIMARY KEY (udi_key, entitlement_id)
);
CREATE INDEX inventory_additions_entitlement ON inventory_additions (entitlement_id);

-- Licenses that are only reported have no line, and an update in transit has a next quantity.
CREATE TABLE holdings (
    id TEXT NOT NULL PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    line_id TEXT REFERENCES license_lines (id),
    quantity BIGINT NOT NULL,
    next_quantity BIGINT
);
INSERT INTO holdings (id, instance_id, entitlement_id, line_id, quantity)
    SELECT r.id, r.instance_id, l.entitlement_id, r.line_id, r.quantity
    FROM reservations r JOIN license_lines l ON l.id = r.line_id;
DROP TABLE reservations;
ALTER TABLE holdings RENAME TO reservations;
CREATE INDEX reservations_instance ON reservations (instance_id);
CREATE INDEX reservations_line ON reservations (line_id);
CREATE INDEX reservations_entitlement ON reservations (entitlement_id);

CREATE TABLE reserved_instances (
    instance_id TEXT NOT NULL PRIMARY KEY REFERENCES instances (id),
    kind TEXT NOT NULL,
    return_pending BOOLEAN NOT NULL
);
INSERT INTO reserved_instances (instance_id, kind, return_pending)
    SELECT id, 'specific', FALSE FROM instances WHERE reserved;

-- They outlive their instance: a code that was used is told from one that never was.
CREATE TABLE authorizations (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES smart_accounts (id),
    instance_id TEXT NOT NULL,
    state TEXT NOT NULL,
    code TEXT NOT NULL,
    confirmation TEXT NOT NULL,
    return_code TEXT NOT NULL UNIQUE,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    notes TEXT NOT NULL
);
CREATE INDEX authorizations_account ON authorizations (account_id);
CREATE INDEX authorizations_instance ON authorizations (instance_id, id);
