CREATE TABLE `account_keys` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`key_uri` text NOT NULL,
	`algorithm` text NOT NULL,
	`private_sealed` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_keys_uri` ON `account_keys` (`key_uri`);--> statement-breakpoint
CREATE INDEX `account_keys_account` ON `account_keys` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` integer PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`handle_folded` text NOT NULL,
	`domain` text DEFAULT '' NOT NULL,
	`uri` text NOT NULL,
	`url` text NOT NULL,
	`inbox` text NOT NULL,
	`shared_inbox` text,
	`outbox` text,
	`followers_uri` text,
	`following_uri` text,
	`featured_uri` text,
	`kind` text DEFAULT 'person' NOT NULL,
	`display_name` text DEFAULT '' NOT NULL,
	`bio` text DEFAULT '' NOT NULL,
	`bio_html` text DEFAULT '' NOT NULL,
	`fields` text DEFAULT '[]' NOT NULL,
	`emoji` text DEFAULT '[]' NOT NULL,
	`avatar_media_id` integer,
	`header_media_id` integer,
	`avatar_remote_url` text,
	`header_remote_url` text,
	`locked` integer DEFAULT 0 NOT NULL,
	`bot` integer DEFAULT 0 NOT NULL,
	`discoverable` integer DEFAULT 0 NOT NULL,
	`indexable` integer DEFAULT 0 NOT NULL,
	`memorial` integer DEFAULT 0 NOT NULL,
	`counts_hidden` integer DEFAULT 0 NOT NULL,
	`aliases` text DEFAULT '[]' NOT NULL,
	`moved_to_id` integer,
	`followers_count` integer DEFAULT 0 NOT NULL,
	`following_count` integer DEFAULT 0 NOT NULL,
	`posts_count` integer DEFAULT 0 NOT NULL,
	`last_post_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`fetched_at` integer,
	`gone_at` integer,
	`pending_at` integer,
	`suspended_at` integer,
	`limited_at` integer,
	`deleted_at` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_uri` ON `accounts` (`uri`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_handle_domain` ON `accounts` (`handle_folded`,`domain`);--> statement-breakpoint
CREATE INDEX `accounts_domain` ON `accounts` (`domain`,`id`);--> statement-breakpoint
CREATE TABLE `activities` (
	`id` integer PRIMARY KEY NOT NULL,
	`uri` text NOT NULL,
	`actor_uri` text NOT NULL,
	`raw` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `activities_uri` ON `activities` (`uri`);--> statement-breakpoint
CREATE INDEX `activities_received` ON `activities` (`received_at`);--> statement-breakpoint
CREATE TABLE `address_blocks` (
	`id` integer PRIMARY KEY NOT NULL,
	`cidr` text NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`actor_id` integer,
	`action` text NOT NULL,
	`target` text DEFAULT '' NOT NULL,
	`details` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_actor` ON `audit_entries` (`actor_id`,`id`);--> statement-breakpoint
CREATE TABLE `blocks` (
	`id` integer PRIMARY KEY NOT NULL,
	`blocker_id` integer NOT NULL,
	`blocked_id` integer NOT NULL,
	`uri` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`blocker_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`blocked_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `blocks_pair` ON `blocks` (`blocker_id`,`blocked_id`);--> statement-breakpoint
CREATE INDEX `blocks_blocked` ON `blocks` (`blocked_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `blocks_uri` ON `blocks` (`uri`);--> statement-breakpoint
CREATE TABLE `bookmarks` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bookmarks_pair` ON `bookmarks` (`account_id`,`post_id`);--> statement-breakpoint
CREATE INDEX `bookmarks_account` ON `bookmarks` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `cached_media` (
	`url_hash` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`host` text NOT NULL,
	`file` text,
	`mime_type` text,
	`bytes` integer DEFAULT 0 NOT NULL,
	`fetched_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`failed_at` integer
);
--> statement-breakpoint
CREATE INDEX `cached_media_used` ON `cached_media` (`used_at`);--> statement-breakpoint
CREATE INDEX `cached_media_host` ON `cached_media` (`host`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`thread_id` integer NOT NULL,
	`last_post_id` integer NOT NULL,
	`participant_ids` text NOT NULL,
	`unread` integer DEFAULT 1 NOT NULL,
	`hidden_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_pair` ON `conversations` (`account_id`,`thread_id`);--> statement-breakpoint
CREATE INDEX `conversations_last` ON `conversations` (`account_id`,`last_post_id`);--> statement-breakpoint
CREATE TABLE `custom_emoji` (
	`id` integer PRIMARY KEY NOT NULL,
	`shortcode` text NOT NULL,
	`media_id` integer NOT NULL,
	`category` text DEFAULT '' NOT NULL,
	`disabled_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `custom_emoji_shortcode` ON `custom_emoji` (`shortcode`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`inbox` text NOT NULL,
	`payload_id` integer NOT NULL,
	`sender_id` integer NOT NULL,
	`activity_type` text NOT NULL,
	`order_key` text NOT NULL,
	`due_at` integer NOT NULL,
	`lease` integer DEFAULT 0 NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`sync_followers` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`payload_id`) REFERENCES `payloads`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `deliveries_host` ON `deliveries` (`host`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_order` ON `deliveries` (`inbox`,`order_key`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_payload` ON `deliveries` (`payload_id`);--> statement-breakpoint
CREATE TABLE `delivery_hosts` (
	`host` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` integer NOT NULL,
	`next_try_at` integer NOT NULL,
	`last_error` text,
	`drain_until_id` integer
);
--> statement-breakpoint
CREATE TABLE `domain_blocks` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`domain` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `domain_blocks_pair` ON `domain_blocks` (`account_id`,`domain`);--> statement-breakpoint
CREATE TABLE `domain_policies` (
	`domain` text PRIMARY KEY NOT NULL,
	`severity` text NOT NULL,
	`severity_since` integer NOT NULL,
	`reject_media` integer DEFAULT 0 NOT NULL,
	`public_comment` text DEFAULT '' NOT NULL,
	`private_comment` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `email_domain_blocks` (
	`domain` text PRIMARY KEY NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE TABLE `favourites` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`uri` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `favourites_pair` ON `favourites` (`account_id`,`post_id`);--> statement-breakpoint
CREATE INDEX `favourites_account` ON `favourites` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `favourites_post` ON `favourites` (`post_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `favourites_uri` ON `favourites` (`uri`);--> statement-breakpoint
CREATE TABLE `follows` (
	`id` integer PRIMARY KEY NOT NULL,
	`follower_id` integer NOT NULL,
	`followee_id` integer NOT NULL,
	`uri` text NOT NULL,
	`state` text NOT NULL,
	`show_boosts` integer DEFAULT 1 NOT NULL,
	`notify` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`accepted_at` integer,
	FOREIGN KEY (`follower_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`followee_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `follows_pair` ON `follows` (`follower_id`,`followee_id`);--> statement-breakpoint
CREATE INDEX `follows_followee` ON `follows` (`followee_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `follows_follower` ON `follows` (`follower_id`,`state`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `follows_uri` ON `follows` (`uri`);--> statement-breakpoint
CREATE TABLE `invites` (
	`id` integer PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`creator_id` integer NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`uses_max` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`creator_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invites_code` ON `invites` (`code`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY NOT NULL,
	`lane` text NOT NULL,
	`once_key` text,
	`order_key` text,
	`due_at` integer NOT NULL,
	`lease` integer DEFAULT 0 NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`dead_at` integer,
	`last_error` text,
	`ref_id` integer,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`lane`,`dead_at`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_order` ON `jobs` (`lane`,`order_key`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_once` ON `jobs` (`lane`,`once_key`);--> statement-breakpoint
CREATE INDEX `jobs_ref` ON `jobs` (`ref_id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mail_tokens` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`purpose` text NOT NULL,
	`token_hash` text NOT NULL,
	`email` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_tokens_hash` ON `mail_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `mail_tokens_account` ON `mail_tokens` (`account_id`,`purpose`);--> statement-breakpoint
CREATE TABLE `media` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer,
	`position` integer DEFAULT 0 NOT NULL,
	`purpose` text DEFAULT 'post' NOT NULL,
	`kind` text NOT NULL,
	`mime_type` text,
	`file` text,
	`preview_file` text,
	`bytes` integer DEFAULT 0 NOT NULL,
	`remote_url` text,
	`preview_remote_url` text,
	`description` text,
	`width` integer,
	`height` integer,
	`duration_ms` integer,
	`blurhash` text,
	`focus_x` real DEFAULT 0 NOT NULL,
	`focus_y` real DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `media_post` ON `media` (`post_id`,`position`);--> statement-breakpoint
CREATE INDEX `media_account` ON `media` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `media_file` ON `media` (`file`);--> statement-breakpoint
CREATE TABLE `members` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`email_folded` text NOT NULL,
	`email_confirmed_at` integer,
	`password_hash` text NOT NULL,
	`role` text DEFAULT 'user' NOT NULL,
	`approved_at` integer,
	`sign_up_reason` text DEFAULT '' NOT NULL,
	`sign_up_address` text,
	`invite_id` integer,
	`totp_sealed` text,
	`totp_enabled_at` integer,
	`totp_last_step` integer,
	`locale` text,
	`scheme` text DEFAULT 'auto' NOT NULL,
	`default_visibility` text DEFAULT 'public' NOT NULL,
	`default_language` text,
	`default_sensitive` integer DEFAULT 0 NOT NULL,
	`notifications_read_id` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `members_email` ON `members` (`email_folded`);--> statement-breakpoint
CREATE INDEX `members_pending` ON `members` (`approved_at`);--> statement-breakpoint
CREATE TABLE `mutes` (
	`id` integer PRIMARY KEY NOT NULL,
	`muter_id` integer NOT NULL,
	`muted_id` integer NOT NULL,
	`hide_notifications` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	FOREIGN KEY (`muter_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`muted_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mutes_pair` ON `mutes` (`muter_id`,`muted_id`);--> statement-breakpoint
CREATE INDEX `mutes_expiry` ON `mutes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`kind` text NOT NULL,
	`from_id` integer NOT NULL,
	`post_id` integer,
	`once_key` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`from_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notifications_account` ON `notifications` (`account_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_once` ON `notifications` (`account_id`,`once_key`);--> statement-breakpoint
CREATE INDEX `notifications_post` ON `notifications` (`post_id`);--> statement-breakpoint
CREATE INDEX `notifications_from` ON `notifications` (`from_id`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`event` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payloads` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `peers` (
	`host` text PRIMARY KEY NOT NULL,
	`software` text,
	`software_version` text,
	`node_info_at` integer,
	`first_seen_at` integer NOT NULL,
	`signature_scheme` text
);
--> statement-breakpoint
CREATE TABLE `pins` (
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `post_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `policy_texts` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`locale` text NOT NULL,
	`markdown` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `policy_texts_kind` ON `policy_texts` (`kind`,`locale`,`id`);--> statement-breakpoint
CREATE TABLE `poll_ballots` (
	`post_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`post_id`, `account_id`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `poll_ballots_account` ON `poll_ballots` (`account_id`);--> statement-breakpoint
CREATE TABLE `poll_options` (
	`post_id` integer NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`votes_count` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`post_id`, `position`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `poll_votes` (
	`post_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`position` integer NOT NULL,
	`uri` text NOT NULL,
	PRIMARY KEY(`post_id`, `account_id`, `position`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `poll_votes_account` ON `poll_votes` (`account_id`);--> statement-breakpoint
CREATE TABLE `polls` (
	`post_id` integer PRIMARY KEY NOT NULL,
	`multiple` integer NOT NULL,
	`expires_at` integer,
	`closed_at` integer,
	`voters_count` integer DEFAULT 0 NOT NULL,
	`fetched_at` integer,
	`announced_at` integer,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `polls_open` ON `polls` (`closed_at`,`expires_at`);--> statement-breakpoint
CREATE TABLE `post_edits` (
	`id` integer PRIMARY KEY NOT NULL,
	`post_id` integer NOT NULL,
	`content_html` text NOT NULL,
	`warning` text,
	`sensitive` integer NOT NULL,
	`media` text NOT NULL,
	`poll_options` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_edits_post` ON `post_edits` (`post_id`,`id`);--> statement-breakpoint
CREATE TABLE `post_mentions` (
	`post_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	PRIMARY KEY(`post_id`, `account_id`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_mentions_account` ON `post_mentions` (`account_id`,`post_id`);--> statement-breakpoint
CREATE TABLE `post_tags` (
	`post_id` integer NOT NULL,
	`tag_id` integer NOT NULL,
	PRIMARY KEY(`post_id`, `tag_id`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tag_id`) REFERENCES `tags`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_tags_tag` ON `post_tags` (`tag_id`,`post_id`);--> statement-breakpoint
CREATE TABLE `posts` (
	`id` integer PRIMARY KEY NOT NULL,
	`uri` text NOT NULL,
	`url` text NOT NULL,
	`author_id` integer NOT NULL,
	`local` integer NOT NULL,
	`kind` text DEFAULT 'note' NOT NULL,
	`title` text,
	`content_html` text DEFAULT '' NOT NULL,
	`source` text,
	`warning` text,
	`sensitive` integer DEFAULT 0 NOT NULL,
	`language` text,
	`visibility` text NOT NULL,
	`reply_to_id` integer,
	`reply_to_uri` text,
	`reply_to_account_id` integer,
	`thread_id` integer NOT NULL,
	`boost_of_id` integer,
	`quote_uri` text,
	`emoji` text DEFAULT '[]' NOT NULL,
	`replies_count` integer DEFAULT 0 NOT NULL,
	`boosts_count` integer DEFAULT 0 NOT NULL,
	`favourites_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`edited_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`author_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_uri` ON `posts` (`uri`);--> statement-breakpoint
CREATE INDEX `posts_author` ON `posts` (`author_id`,`id`);--> statement-breakpoint
CREATE INDEX `posts_reply` ON `posts` (`reply_to_id`,`id`);--> statement-breakpoint
CREATE INDEX `posts_reply_uri` ON `posts` (`reply_to_uri`);--> statement-breakpoint
CREATE INDEX `posts_thread` ON `posts` (`thread_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `posts_boost` ON `posts` (`boost_of_id`,`author_id`) WHERE "posts"."boost_of_id" is not null;--> statement-breakpoint
CREATE INDEX `posts_public` ON `posts` (`visibility`,`id`);--> statement-breakpoint
CREATE INDEX `posts_local` ON `posts` (`local`,`visibility`,`id`);--> statement-breakpoint
CREATE INDEX `posts_received` ON `posts` (`received_at`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`account_id` integer NOT NULL,
	`code_hash` text NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`account_id`, `code_hash`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reports` (
	`id` integer PRIMARY KEY NOT NULL,
	`uri` text NOT NULL,
	`reporter_id` integer NOT NULL,
	`target_id` integer NOT NULL,
	`post_ids` text NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`forwarded_at` integer,
	`created_at` integer NOT NULL,
	`resolved_at` integer,
	`resolved_by_id` integer,
	FOREIGN KEY (`reporter_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`target_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_uri` ON `reports` (`uri`);--> statement-breakpoint
CREATE INDEX `reports_open` ON `reports` (`resolved_at`,`id`);--> statement-breakpoint
CREATE INDEX `reports_target` ON `reports` (`target_id`);--> statement-breakpoint
CREATE TABLE `rules` (
	`id` integer PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`text` text NOT NULL,
	`hint` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`token_hash` text NOT NULL,
	`csrf_token` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`address` text,
	`user_agent` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `severed_follows` (
	`id` integer PRIMARY KEY NOT NULL,
	`cause` text NOT NULL,
	`follower_id` integer NOT NULL,
	`followee_id` integer NOT NULL,
	`uri` text NOT NULL,
	`show_boosts` integer NOT NULL,
	`notify` integer NOT NULL,
	`followed_at` integer NOT NULL,
	`severed_at` integer NOT NULL,
	FOREIGN KEY (`follower_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`followee_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `severed_follows_once` ON `severed_follows` (`follower_id`,`followee_id`);--> statement-breakpoint
CREATE INDEX `severed_follows_followee` ON `severed_follows` (`followee_id`);--> statement-breakpoint
CREATE TABLE `spent_challenges` (
	`challenge` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tags` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`display_name` text NOT NULL,
	`last_used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_name` ON `tags` (`name`);--> statement-breakpoint
CREATE TABLE `tombstones` (
	`uri` text PRIMARY KEY NOT NULL,
	`deleted_at` integer NOT NULL
);
