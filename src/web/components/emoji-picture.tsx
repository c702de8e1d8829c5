import { withEmoji } from '#web/safe-html.ts';

/** One emoji by itself, large enough to be judged. */
export function EmojiPicture({ emoji }: { emoji: { shortcode: string; url: string } }) {
  return <span class="emoji-alone">{withEmoji(`:${emoji.shortcode}:`, [emoji])}</span>;
}
