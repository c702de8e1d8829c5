ALTER TABLE `peers` ADD `last_heard_at` integer;--> statement-breakpoint
ALTER TABLE `peers` ADD `last_delivered_at` integer;--> statement-breakpoint
CREATE INDEX `accounts_host` ON `accounts` (`host`,`id`);--> statement-breakpoint
ALTER TABLE `peers` DROP COLUMN `signature_scheme`;