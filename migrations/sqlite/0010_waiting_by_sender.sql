ALTER TABLE `jobs` ADD `sender_domain` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `jobs_sender` ON `jobs` (`sender_domain`,`bytes`) WHERE "jobs"."sender_domain" is not null and "jobs"."dead_at" is null;