-- What time has caused stays caused while the clock is behind: until when it had its effect.
ALTER TABLE license_lines ADD COLUMN settled_at TIMESTAMP;
ALTER TABLE instances ADD COLUMN silence_settled_at TIMESTAMP;
ALTER TABLE instances ADD COLUMN certificate_settled_at TIMESTAMP;

-- The stock keeping unit of the line that a transaction is about.
ALTER TABLE license_transactions ADD COLUMN sku TEXT;
