ALTER TABLE `accounts` ADD `followers_total` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `following_total` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `posts_total` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `profile_fetched_at` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `outbox_fetched_at` integer;