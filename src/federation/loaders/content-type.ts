const ACTIVITYSTREAMS_PROFILE = 'https://www.w3.org/ns/activitystreams';

/**
 * True for the two media types of ActivityPub (§3.2). `ld+json` needs its profile, as Mastodon asks for it: a file that
 * somebody uploaded may be served as JSON, but not with that profile.
 */
export function isActivityType(contentType: string): boolean {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type === 'application/activity+json') return true;
  if (type !== 'application/ld+json') return false;
  return parameters.some((parameter) => {
    const [name, value = ''] = parameter.split('=');
    return (
      name?.trim() === 'profile' && value.replaceAll('"', '').trim().split(/\s+/).includes(ACTIVITYSTREAMS_PROFILE)
    );
  });
}

export function isHtmlType(contentType: string): boolean {
  const type = contentType.toLowerCase().split(';')[0]?.trim();
  return type === 'text/html' || type === 'application/xhtml+xml';
}
