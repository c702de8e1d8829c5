import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';

interface OpenGraphProps {
  ctx: ViewContext;
  title: string;
  /** Plain text; cut at 200 characters. */
  description: string;
  type?: 'website' | 'article' | 'profile' | undefined;
  /** Absolute. */
  url: string;
  /** Absolute; with its description. */
  image?: { url: string; description: string | null } | undefined;
  /** The post's or profile's ActivityPub document, so that other servers find it from the page. */
  activity?: string | undefined;
  feeds?: { href: string; type: 'rss' | 'atom'; title: string }[] | undefined;
  /** Keeps the page out of search engines. */
  noindex?: boolean | undefined;
  oembed?: string | undefined;
}

const DESCRIPTION_CHARACTERS = 200;

/** For `head` of `Layout`. */
export function OpenGraph({
  ctx,
  title,
  description,
  type = 'website',
  url,
  image,
  activity,
  feeds = [],
  noindex,
  oembed,
}: OpenGraphProps) {
  const text = shortened(description);
  const picture = safeUrl(image?.url);
  return (
    <>
      <meta name="description" content={text} />
      {noindex ? <meta name="robots" content="noindex, noarchive" /> : null}
      <link rel="canonical" href={safeUrl(url) ?? undefined} />
      <meta property="og:site_name" content={ctx.instance.name} />
      <meta property="og:type" content={type} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={text} />
      <meta property="og:url" content={url} />
      <meta property="og:locale" content={ctx.locale === 'fr' ? 'fr_FR' : 'en_GB'} />
      {picture ? <meta property="og:image" content={picture} /> : null}
      {picture && image?.description ? <meta property="og:image:alt" content={image.description} /> : null}
      <meta name="twitter:card" content={picture && type === 'article' ? 'summary_large_image' : 'summary'} />
      {activity ? (
        <link rel="alternate" type="application/activity+json" href={safeUrl(activity) ?? undefined} />
      ) : null}
      {feeds.map((feed) => (
        <link
          rel="alternate"
          type={`application/${feed.type}+xml`}
          title={feed.title}
          href={safeUrl(feed.href) ?? undefined}
        />
      ))}
      {oembed ? <link rel="alternate" type="application/json+oembed" href={safeUrl(oembed) ?? undefined} /> : null}
    </>
  );
}

function shortened(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const characters = [...flat];
  return characters.length <= DESCRIPTION_CHARACTERS
    ? flat
    : `${characters
        .slice(0, DESCRIPTION_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}
