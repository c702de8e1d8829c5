import type { AccountView } from '#domain/accounts/account-view.ts';
import { safeUrl } from '#web/safe-html.ts';

export type AvatarSize = 'small' | 'medium' | 'large' | 'huge';

const PIXELS: Record<AvatarSize, number> = { small: 24, medium: 44, large: 64, huge: 112 };

const TONES = 6;

interface AvatarProps {
  account: Pick<AccountView, 'id' | 'displayName' | 'handle' | 'avatarUrl'>;
  size?: AvatarSize | undefined;
  /** Draws the live ring. */
  live?: boolean | undefined;
}

/** Decoration: the name always stands beside it, so the picture has an empty alternative. */
export function Avatar({ account, size = 'medium', live = false }: AvatarProps) {
  const pixels = PIXELS[size];
  const url = safeUrl(account.avatarUrl);
  const attributes = {
    class: 'avatar',
    'data-part': 'avatar',
    'data-size': size,
    ...(live ? { 'data-live': '' } : {}),
  };
  if (url) {
    return <img {...attributes} src={url} alt="" width={pixels} height={pixels} loading="lazy" decoding="async" />;
  }
  return (
    <svg
      {...attributes}
      data-tone={account.id % TONES}
      width={pixels}
      height={pixels}
      viewBox="0 0 40 40"
      aria-hidden="true"
    >
      <rect class="avatar-ground" width="40" height="40" />
      <text class="avatar-initials" x="20" y="20" dy="0.35em" text-anchor="middle">
        {initialsOf(account.displayName || account.handle)}
      </text>
    </svg>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''));
  return letters.join('').toUpperCase() || '@';
}
