CREATE TABLE "account_keys" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"key_uri" text collate "C" NOT NULL,
	"algorithm" text collate "C" NOT NULL,
	"private_sealed" text collate "C" NOT NULL,
	"public_jwk" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"handle" text collate "C" NOT NULL,
	"handle_folded" text collate "C" NOT NULL,
	"domain" text collate "C" DEFAULT '' NOT NULL,
	"uri" text collate "C" NOT NULL,
	"url" text collate "C" NOT NULL,
	"inbox" text collate "C" NOT NULL,
	"shared_inbox" text collate "C",
	"outbox" text collate "C",
	"followers_uri" text collate "C",
	"following_uri" text collate "C",
	"featured_uri" text collate "C",
	"kind" text collate "C" DEFAULT 'person' NOT NULL,
	"display_name" text collate "C" DEFAULT '' NOT NULL,
	"bio" text collate "C" DEFAULT '' NOT NULL,
	"bio_html" text collate "C" DEFAULT '' NOT NULL,
	"fields" text DEFAULT '[]' NOT NULL,
	"emoji" text DEFAULT '[]' NOT NULL,
	"avatar_media_id" bigint,
	"header_media_id" bigint,
	"avatar_remote_url" text collate "C",
	"header_remote_url" text collate "C",
	"locked" smallint DEFAULT 0 NOT NULL,
	"bot" smallint DEFAULT 0 NOT NULL,
	"discoverable" smallint DEFAULT 0 NOT NULL,
	"indexable" smallint DEFAULT 0 NOT NULL,
	"memorial" smallint DEFAULT 0 NOT NULL,
	"counts_hidden" smallint DEFAULT 0 NOT NULL,
	"aliases" text DEFAULT '[]' NOT NULL,
	"moved_to_id" bigint,
	"followers_count" integer DEFAULT 0 NOT NULL,
	"following_count" integer DEFAULT 0 NOT NULL,
	"posts_count" integer DEFAULT 0 NOT NULL,
	"last_post_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"fetched_at" bigint,
	"gone_at" bigint,
	"pending_at" bigint,
	"suspended_at" bigint,
	"limited_at" bigint,
	"deleted_at" bigint,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activities" (
	"id" bigint PRIMARY KEY NOT NULL,
	"uri" text collate "C" NOT NULL,
	"actor_uri" text collate "C" NOT NULL,
	"raw" text collate "C" NOT NULL,
	"received_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "address_blocks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"cidr" text collate "C" NOT NULL,
	"comment" text collate "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" bigint PRIMARY KEY NOT NULL,
	"actor_id" bigint,
	"action" text collate "C" NOT NULL,
	"target" text collate "C" DEFAULT '' NOT NULL,
	"details" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"blocker_id" bigint NOT NULL,
	"blocked_id" bigint NOT NULL,
	"uri" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bookmarks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cached_media" (
	"url_hash" text collate "C" PRIMARY KEY NOT NULL,
	"url" text collate "C" NOT NULL,
	"host" text collate "C" NOT NULL,
	"file" text collate "C",
	"mime_type" text collate "C",
	"bytes" integer DEFAULT 0 NOT NULL,
	"fetched_at" bigint NOT NULL,
	"used_at" bigint NOT NULL,
	"failed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"thread_id" bigint NOT NULL,
	"last_post_id" bigint NOT NULL,
	"participant_ids" text NOT NULL,
	"unread" smallint DEFAULT 1 NOT NULL,
	"hidden_at" bigint
);
--> statement-breakpoint
CREATE TABLE "custom_emoji" (
	"id" bigint PRIMARY KEY NOT NULL,
	"shortcode" text collate "C" NOT NULL,
	"media_id" bigint NOT NULL,
	"category" text collate "C" DEFAULT '' NOT NULL,
	"disabled_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigint PRIMARY KEY NOT NULL,
	"host" text collate "C" NOT NULL,
	"inbox" text collate "C" NOT NULL,
	"payload_id" bigint NOT NULL,
	"sender_id" bigint NOT NULL,
	"activity_type" text collate "C" NOT NULL,
	"order_key" text collate "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"lease" bigint DEFAULT 0 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"sync_followers" smallint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery_hosts" (
	"host" text collate "C" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"failing_since" bigint NOT NULL,
	"next_try_at" bigint NOT NULL,
	"last_error" text collate "C",
	"drain_until_id" bigint
);
--> statement-breakpoint
CREATE TABLE "domain_blocks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"domain" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "domain_policies" (
	"domain" text collate "C" PRIMARY KEY NOT NULL,
	"severity" text collate "C" NOT NULL,
	"severity_since" bigint NOT NULL,
	"reject_media" smallint DEFAULT 0 NOT NULL,
	"public_comment" text collate "C" DEFAULT '' NOT NULL,
	"private_comment" text collate "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "email_domain_blocks" (
	"domain" text collate "C" PRIMARY KEY NOT NULL,
	"comment" text collate "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint
);
--> statement-breakpoint
CREATE TABLE "favourites" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"uri" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"id" bigint PRIMARY KEY NOT NULL,
	"follower_id" bigint NOT NULL,
	"followee_id" bigint NOT NULL,
	"uri" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"show_boosts" smallint DEFAULT 1 NOT NULL,
	"notify" smallint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"accepted_at" bigint
);
--> statement-breakpoint
CREATE TABLE "invites" (
	"id" bigint PRIMARY KEY NOT NULL,
	"code" text collate "C" NOT NULL,
	"creator_id" bigint NOT NULL,
	"comment" text collate "C" DEFAULT '' NOT NULL,
	"uses_max" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY NOT NULL,
	"lane" text collate "C" NOT NULL,
	"once_key" text collate "C",
	"order_key" text collate "C",
	"due_at" bigint NOT NULL,
	"lease" bigint DEFAULT 0 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"dead_at" bigint,
	"last_error" text collate "C",
	"ref_id" bigint,
	"data" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text collate "C" PRIMARY KEY NOT NULL,
	"holder" text collate "C" NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_tokens" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"purpose" text collate "C" NOT NULL,
	"token_hash" text collate "C" NOT NULL,
	"email" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "media" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint,
	"position" integer DEFAULT 0 NOT NULL,
	"purpose" text collate "C" DEFAULT 'post' NOT NULL,
	"kind" text collate "C" NOT NULL,
	"mime_type" text collate "C",
	"file" text collate "C",
	"preview_file" text collate "C",
	"bytes" integer DEFAULT 0 NOT NULL,
	"remote_url" text collate "C",
	"preview_remote_url" text collate "C",
	"description" text collate "C",
	"width" integer,
	"height" integer,
	"duration_ms" integer,
	"blurhash" text collate "C",
	"focus_x" double precision DEFAULT 0 NOT NULL,
	"focus_y" double precision DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "members" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"email" text collate "C" NOT NULL,
	"email_folded" text collate "C" NOT NULL,
	"email_confirmed_at" bigint,
	"password_hash" text collate "C" NOT NULL,
	"role" text collate "C" DEFAULT 'user' NOT NULL,
	"approved_at" bigint,
	"sign_up_reason" text collate "C" DEFAULT '' NOT NULL,
	"sign_up_address" text collate "C",
	"invite_id" bigint,
	"totp_sealed" text collate "C",
	"totp_enabled_at" bigint,
	"totp_last_step" integer,
	"locale" text collate "C",
	"scheme" text collate "C" DEFAULT 'auto' NOT NULL,
	"default_visibility" text collate "C" DEFAULT 'public' NOT NULL,
	"default_language" text collate "C",
	"default_sensitive" smallint DEFAULT 0 NOT NULL,
	"notifications_read_id" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"muter_id" bigint NOT NULL,
	"muted_id" bigint NOT NULL,
	"hide_notifications" smallint DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"kind" text collate "C" NOT NULL,
	"from_id" bigint NOT NULL,
	"post_id" bigint,
	"once_key" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY NOT NULL,
	"type" text collate "C" NOT NULL,
	"event" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payloads" (
	"id" bigint PRIMARY KEY NOT NULL,
	"body" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "peers" (
	"host" text collate "C" PRIMARY KEY NOT NULL,
	"software" text collate "C",
	"software_version" text collate "C",
	"node_info_at" bigint,
	"first_seen_at" bigint NOT NULL,
	"signature_scheme" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "pins_account_id_post_id_pk" PRIMARY KEY("account_id","post_id")
);
--> statement-breakpoint
CREATE TABLE "policy_texts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"locale" text collate "C" NOT NULL,
	"markdown" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "poll_ballots" (
	"post_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "poll_ballots_post_id_account_id_pk" PRIMARY KEY("post_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "poll_options" (
	"post_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"title" text collate "C" NOT NULL,
	"votes_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "poll_options_post_id_position_pk" PRIMARY KEY("post_id","position")
);
--> statement-breakpoint
CREATE TABLE "poll_votes" (
	"post_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"uri" text collate "C" NOT NULL,
	CONSTRAINT "poll_votes_post_id_account_id_position_pk" PRIMARY KEY("post_id","account_id","position")
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"post_id" bigint PRIMARY KEY NOT NULL,
	"multiple" smallint NOT NULL,
	"expires_at" bigint,
	"closed_at" bigint,
	"voters_count" integer DEFAULT 0 NOT NULL,
	"fetched_at" bigint,
	"announced_at" bigint
);
--> statement-breakpoint
CREATE TABLE "post_edits" (
	"id" bigint PRIMARY KEY NOT NULL,
	"post_id" bigint NOT NULL,
	"content_html" text collate "C" NOT NULL,
	"warning" text collate "C",
	"sensitive" smallint NOT NULL,
	"media" text NOT NULL,
	"poll_options" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "post_mentions" (
	"post_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	CONSTRAINT "post_mentions_post_id_account_id_pk" PRIMARY KEY("post_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "post_tags" (
	"post_id" bigint NOT NULL,
	"tag_id" bigint NOT NULL,
	CONSTRAINT "post_tags_post_id_tag_id_pk" PRIMARY KEY("post_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"uri" text collate "C" NOT NULL,
	"url" text collate "C" NOT NULL,
	"author_id" bigint NOT NULL,
	"local" smallint NOT NULL,
	"kind" text collate "C" DEFAULT 'note' NOT NULL,
	"title" text collate "C",
	"content_html" text collate "C" DEFAULT '' NOT NULL,
	"source" text collate "C",
	"warning" text collate "C",
	"sensitive" smallint DEFAULT 0 NOT NULL,
	"language" text collate "C",
	"visibility" text collate "C" NOT NULL,
	"reply_to_id" bigint,
	"reply_to_uri" text collate "C",
	"reply_to_account_id" bigint,
	"thread_id" bigint NOT NULL,
	"boost_of_id" bigint,
	"quote_uri" text collate "C",
	"emoji" text DEFAULT '[]' NOT NULL,
	"replies_count" integer DEFAULT 0 NOT NULL,
	"boosts_count" integer DEFAULT 0 NOT NULL,
	"favourites_count" integer DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"edited_at" bigint,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"account_id" bigint NOT NULL,
	"code_hash" text collate "C" NOT NULL,
	"used_at" bigint,
	CONSTRAINT "recovery_codes_account_id_code_hash_pk" PRIMARY KEY("account_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" bigint PRIMARY KEY NOT NULL,
	"uri" text collate "C" NOT NULL,
	"reporter_id" bigint NOT NULL,
	"target_id" bigint NOT NULL,
	"post_ids" text NOT NULL,
	"comment" text collate "C" DEFAULT '' NOT NULL,
	"forwarded_at" bigint,
	"created_at" bigint NOT NULL,
	"resolved_at" bigint,
	"resolved_by_id" bigint
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" bigint PRIMARY KEY NOT NULL,
	"position" integer NOT NULL,
	"text" text collate "C" NOT NULL,
	"hint" text collate "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"retired_at" bigint
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"token_hash" text collate "C" NOT NULL,
	"csrf_token" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"address" text collate "C",
	"user_agent" text collate "C" DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "severed_follows" (
	"id" bigint PRIMARY KEY NOT NULL,
	"cause" text collate "C" NOT NULL,
	"follower_id" bigint NOT NULL,
	"followee_id" bigint NOT NULL,
	"uri" text collate "C" NOT NULL,
	"show_boosts" smallint NOT NULL,
	"notify" smallint NOT NULL,
	"followed_at" bigint NOT NULL,
	"severed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spent_challenges" (
	"challenge" text collate "C" PRIMARY KEY NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"display_name" text collate "C" NOT NULL,
	"last_used_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"uri" text collate "C" PRIMARY KEY NOT NULL,
	"deleted_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_keys" ADD CONSTRAINT "account_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_blocker_id_accounts_id_fk" FOREIGN KEY ("blocker_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_blocked_id_accounts_id_fk" FOREIGN KEY ("blocked_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookmarks" ADD CONSTRAINT "bookmarks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookmarks" ADD CONSTRAINT "bookmarks_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_payload_id_payloads_id_fk" FOREIGN KEY ("payload_id") REFERENCES "payloads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "domain_blocks" ADD CONSTRAINT "domain_blocks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favourites" ADD CONSTRAINT "favourites_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favourites" ADD CONSTRAINT "favourites_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_follower_id_accounts_id_fk" FOREIGN KEY ("follower_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_followee_id_accounts_id_fk" FOREIGN KEY ("followee_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_creator_id_accounts_id_fk" FOREIGN KEY ("creator_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_tokens" ADD CONSTRAINT "mail_tokens_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media" ADD CONSTRAINT "media_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media" ADD CONSTRAINT "media_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_muter_id_accounts_id_fk" FOREIGN KEY ("muter_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_muted_id_accounts_id_fk" FOREIGN KEY ("muted_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_from_id_accounts_id_fk" FOREIGN KEY ("from_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_ballots" ADD CONSTRAINT "poll_ballots_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_ballots" ADD CONSTRAINT "poll_ballots_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_options" ADD CONSTRAINT "poll_options_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_edits" ADD CONSTRAINT "post_edits_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_mentions" ADD CONSTRAINT "post_mentions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_mentions" ADD CONSTRAINT "post_mentions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_tags" ADD CONSTRAINT "post_tags_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_tags" ADD CONSTRAINT "post_tags_tag_id_tags_id_fk" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_accounts_id_fk" FOREIGN KEY ("reporter_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_target_id_accounts_id_fk" FOREIGN KEY ("target_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "severed_follows" ADD CONSTRAINT "severed_follows_follower_id_accounts_id_fk" FOREIGN KEY ("follower_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "severed_follows" ADD CONSTRAINT "severed_follows_followee_id_accounts_id_fk" FOREIGN KEY ("followee_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_keys_uri" ON "account_keys" USING btree ("key_uri");--> statement-breakpoint
CREATE INDEX "account_keys_account" ON "account_keys" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_uri" ON "accounts" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_handle_domain" ON "accounts" USING btree ("handle_folded","domain");--> statement-breakpoint
CREATE INDEX "accounts_domain" ON "accounts" USING btree ("domain","id");--> statement-breakpoint
CREATE UNIQUE INDEX "activities_uri" ON "activities" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "activities_received" ON "activities" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("actor_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "blocks_pair" ON "blocks" USING btree ("blocker_id","blocked_id");--> statement-breakpoint
CREATE INDEX "blocks_blocked" ON "blocks" USING btree ("blocked_id");--> statement-breakpoint
CREATE UNIQUE INDEX "blocks_uri" ON "blocks" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "bookmarks_pair" ON "bookmarks" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "bookmarks_account" ON "bookmarks" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "cached_media_used" ON "cached_media" USING btree ("used_at");--> statement-breakpoint
CREATE INDEX "cached_media_host" ON "cached_media" USING btree ("host");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_pair" ON "conversations" USING btree ("account_id","thread_id");--> statement-breakpoint
CREATE INDEX "conversations_last" ON "conversations" USING btree ("account_id","last_post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "custom_emoji_shortcode" ON "custom_emoji" USING btree ("shortcode");--> statement-breakpoint
CREATE INDEX "deliveries_host" ON "deliveries" USING btree ("host","id");--> statement-breakpoint
CREATE INDEX "deliveries_order" ON "deliveries" USING btree ("inbox","order_key","id");--> statement-breakpoint
CREATE INDEX "deliveries_payload" ON "deliveries" USING btree ("payload_id");--> statement-breakpoint
CREATE UNIQUE INDEX "domain_blocks_pair" ON "domain_blocks" USING btree ("account_id","domain");--> statement-breakpoint
CREATE UNIQUE INDEX "favourites_pair" ON "favourites" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "favourites_account" ON "favourites" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "favourites_post" ON "favourites" USING btree ("post_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "favourites_uri" ON "favourites" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "follows_pair" ON "follows" USING btree ("follower_id","followee_id");--> statement-breakpoint
CREATE INDEX "follows_followee" ON "follows" USING btree ("followee_id","state","id");--> statement-breakpoint
CREATE INDEX "follows_follower" ON "follows" USING btree ("follower_id","state","id");--> statement-breakpoint
CREATE UNIQUE INDEX "follows_uri" ON "follows" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "invites_code" ON "invites" USING btree ("code");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("lane","dead_at","due_at","id");--> statement-breakpoint
CREATE INDEX "jobs_order" ON "jobs" USING btree ("lane","order_key","id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_once" ON "jobs" USING btree ("lane","once_key");--> statement-breakpoint
CREATE INDEX "jobs_ref" ON "jobs" USING btree ("ref_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_tokens_hash" ON "mail_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "mail_tokens_account" ON "mail_tokens" USING btree ("account_id","purpose");--> statement-breakpoint
CREATE INDEX "media_post" ON "media" USING btree ("post_id","position");--> statement-breakpoint
CREATE INDEX "media_account" ON "media" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "media_file" ON "media" USING btree ("file");--> statement-breakpoint
CREATE UNIQUE INDEX "members_email" ON "members" USING btree ("email_folded");--> statement-breakpoint
CREATE INDEX "members_pending" ON "members" USING btree ("approved_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mutes_pair" ON "mutes" USING btree ("muter_id","muted_id");--> statement-breakpoint
CREATE INDEX "mutes_expiry" ON "mutes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "notifications_account" ON "notifications" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_once" ON "notifications" USING btree ("account_id","once_key");--> statement-breakpoint
CREATE INDEX "notifications_post" ON "notifications" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "notifications_from" ON "notifications" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "policy_texts_kind" ON "policy_texts" USING btree ("kind","locale","id");--> statement-breakpoint
CREATE INDEX "poll_ballots_account" ON "poll_ballots" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "poll_votes_account" ON "poll_votes" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "polls_open" ON "polls" USING btree ("closed_at","expires_at");--> statement-breakpoint
CREATE INDEX "post_edits_post" ON "post_edits" USING btree ("post_id","id");--> statement-breakpoint
CREATE INDEX "post_mentions_account" ON "post_mentions" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "post_tags_tag" ON "post_tags" USING btree ("tag_id","post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "posts_uri" ON "posts" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "posts_author" ON "posts" USING btree ("author_id","id");--> statement-breakpoint
CREATE INDEX "posts_reply" ON "posts" USING btree ("reply_to_id","id");--> statement-breakpoint
CREATE INDEX "posts_reply_uri" ON "posts" USING btree ("reply_to_uri");--> statement-breakpoint
CREATE INDEX "posts_thread" ON "posts" USING btree ("thread_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "posts_boost" ON "posts" USING btree ("boost_of_id","author_id") WHERE "posts"."boost_of_id" is not null;--> statement-breakpoint
CREATE INDEX "posts_public" ON "posts" USING btree ("visibility","id");--> statement-breakpoint
CREATE INDEX "posts_local" ON "posts" USING btree ("local","visibility","id");--> statement-breakpoint
CREATE INDEX "posts_received" ON "posts" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reports_uri" ON "reports" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "reports_open" ON "reports" USING btree ("resolved_at","id");--> statement-breakpoint
CREATE INDEX "reports_target" ON "reports" USING btree ("target_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "severed_follows_once" ON "severed_follows" USING btree ("follower_id","followee_id");--> statement-breakpoint
CREATE INDEX "severed_follows_followee" ON "severed_follows" USING btree ("followee_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_name" ON "tags" USING btree ("name");