CREATE TABLE "publish_keys" (
	"author_id" bigint NOT NULL,
	"key" text collate "C" NOT NULL,
	"post_id" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "publish_keys_author_id_key_pk" PRIMARY KEY("author_id","key")
);
--> statement-breakpoint
ALTER TABLE "publish_keys" ADD CONSTRAINT "publish_keys_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "publish_keys_created" ON "publish_keys" USING btree ("created_at");