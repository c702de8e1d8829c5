CREATE VIRTUAL TABLE `post_search` USING fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
CREATE TRIGGER `post_search_forget` AFTER DELETE ON `posts` BEGIN DELETE FROM `post_search` WHERE rowid = old.id; END;
--> statement-breakpoint
CREATE VIRTUAL TABLE `account_search` USING fts5(text, content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
CREATE TRIGGER `account_search_forget` AFTER DELETE ON `accounts` BEGIN DELETE FROM `account_search` WHERE rowid = old.id; END;
