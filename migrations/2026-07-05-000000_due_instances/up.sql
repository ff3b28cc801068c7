-- Only what has a deadline is looked up by it: a mirrored instance has none, and neither has a reserved one.
DROP INDEX instances_due;
CREATE INDEX instances_due ON instances (due_at) WHERE due_at IS NOT NULL;
