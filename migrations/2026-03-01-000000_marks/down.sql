ALTER TABLE license_transactions DROP COLUMN sku;
ALTER TABLE instances DROP COLUMN certificate_settled_at;
ALTER TABLE instances DROP COLUMN silence_settled_at;
ALTER TABLE license_lines DROP COLUMN settled_at;
