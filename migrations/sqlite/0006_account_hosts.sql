ALTER TABLE `accounts` ADD `host` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- The host in `https://host/…`, with its port.
UPDATE `accounts` SET `host` = substr(substr(`uri`, instr(`uri`, '://') + 3), 1, instr(substr(`uri`, instr(`uri`, '://') + 3) || '/', '/') - 1) WHERE `domain` <> '';
