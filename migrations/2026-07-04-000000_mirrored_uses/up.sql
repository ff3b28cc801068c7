-- What a mirrored instance uses is told whole and changed by nobody here, so it stands in the row that tells of
-- the instance (`license=count`, by comma) and needs no rows and indexes of its own.
ALTER TABLE mirrors ADD COLUMN uses TEXT NOT NULL DEFAULT '';
UPDATE mirrors SET uses = COALESCE(
    (SELECT string_agg(usage.entitlement_id || '=' || usage.quantity, ',')
     FROM usage WHERE usage.instance_id = mirrors.instance_id), '');
DELETE FROM usage WHERE instance_id IN (SELECT instance_id FROM mirrors);
