ALTER TABLE "accounts" ADD COLUMN "followers_total" integer;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "following_total" integer;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "posts_total" integer;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "profile_fetched_at" bigint;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "outbox_fetched_at" bigint;