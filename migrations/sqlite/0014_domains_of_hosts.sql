DROP INDEX `accounts_host`;--> statement-breakpoint
CREATE INDEX `accounts_host` ON `accounts` (`host`,`domain`);