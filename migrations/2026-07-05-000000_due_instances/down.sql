DROP INDEX instances_due;
CREATE INDEX instances_due ON instances (due_at);
