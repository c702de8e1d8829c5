UPDATE `posts` SET `replies_count` = (SELECT count(*) FROM `posts` r WHERE r.`reply_to_id` = `posts`.`id` AND r.`visibility` IN ('public', 'unlisted')) WHERE `replies_count` <> 0;
