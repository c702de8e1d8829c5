CREATE TABLE "post_search" ("id" bigint PRIMARY KEY REFERENCES "posts"("id") ON DELETE CASCADE, "document" tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX "post_search_document" ON "post_search" USING gin ("document");
--> statement-breakpoint
CREATE TABLE "account_search" ("id" bigint PRIMARY KEY REFERENCES "accounts"("id") ON DELETE CASCADE, "document" tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX "account_search_document" ON "account_search" USING gin ("document");
