-- Links in the fields of profiles here say `rel="me"`; those from before did not until they were saved again.
UPDATE `accounts` SET `fields` = replace(`fields`, 'target=\"_blank\" rel=\"nofollow noopener noreferrer\"', 'target=\"_blank\" rel=\"me nofollow noopener noreferrer\"'), `version` = `version` + 1 WHERE `domain` = '' AND `fields` LIKE '% rel=_"nofollow noopener noreferrer_"%';
