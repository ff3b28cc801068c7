-- Keys for export-restricted licenses: held since `granted_at`, or asked for and not free.
CREATE TABLE export_keys (
    instance_id TEXT NOT NULL REFERENCES instances (id),
    entitlement_id TEXT NOT NULL REFERENCES entitlements (id),
    quantity BIGINT NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    granted_at TIMESTAMP,
    PRIMARY KEY (instance_id, entitlement_id)
);
CREATE INDEX export_keys_entitlement ON export_keys (entitlement_id);

-- What products without the export flag had been using until now counts as asked for and given.
INSERT INTO export_keys (instance_id, entitlement_id, quantity, requested_at, granted_at)
SELECT usage.instance_id, usage.entitlement_id, usage.quantity,
       instances.registered_at, instances.registered_at
FROM usage
JOIN instances ON instances.id = usage.instance_id
JOIN entitlements ON entitlements.id = usage.entitlement_id
WHERE entitlements.export_restricted AND NOT instances.export_allowed;
