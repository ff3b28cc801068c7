-- The counts go with the column: the sums of the pools forget them too, and the next file that tells of an
-- instance brings them back, because no digest is that of its words.
UPDATE pools SET reported = COALESCE(
    (SELECT SUM(usage.quantity) FROM usage JOIN instances ON instances.id = usage.instance_id
     WHERE instances.virtual_account_id = pools.virtual_account_id
       AND usage.entitlement_id = pools.entitlement_id), 0);
UPDATE mirrors SET digest = '';
ALTER TABLE mirrors DROP COLUMN uses;
