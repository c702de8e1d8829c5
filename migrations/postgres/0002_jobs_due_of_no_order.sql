DROP INDEX "jobs_due";--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("lane","dead_at","due_at","id") WHERE "jobs"."order_key" is null;