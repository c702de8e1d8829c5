-- Several sign-ups may name one address until one of them confirms it: until then its key bears the account.
UPDATE "members" SET "email_folded" = "email_folded" || ' ' || "account_id" WHERE "email_confirmed_at" IS NULL;
