CREATE TABLE `publish_keys` (
	`author_id` integer NOT NULL,
	`key` text NOT NULL,
	`post_id` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`author_id`, `key`),
	FOREIGN KEY (`author_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `publish_keys_created` ON `publish_keys` (`created_at`);