ALTER TABLE "jobs" ADD COLUMN "sender_domain" text collate "C";--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_sender" ON "jobs" USING btree ("sender_domain","bytes") WHERE "jobs"."sender_domain" is not null and "jobs"."dead_at" is null;