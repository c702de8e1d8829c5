ALTER TABLE "peers" ADD COLUMN "last_heard_at" bigint;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "last_delivered_at" bigint;--> statement-breakpoint
CREATE INDEX "accounts_host" ON "accounts" USING btree ("host","id");--> statement-breakpoint
ALTER TABLE "peers" DROP COLUMN "signature_scheme";