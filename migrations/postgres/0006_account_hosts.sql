ALTER TABLE "accounts" ADD COLUMN "host" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
-- The host in `https://host/…`, with its port.
UPDATE "accounts" SET "host" = split_part(split_part("uri", '://', 2), '/', 1) WHERE "domain" <> '';
