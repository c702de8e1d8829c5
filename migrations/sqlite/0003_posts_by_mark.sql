CREATE INDEX `bookmarks_post` ON `bookmarks` (`post_id`);--> statement-breakpoint
CREATE INDEX `pins_post` ON `pins` (`post_id`);