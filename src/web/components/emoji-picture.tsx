import { withEmoji } from '#web/safe-html.ts';

/** One emoji by itself, large enough to be judged. Its name always stands beside it, so the picture is not read out. */
export function EmojiPicture({ emoji }: { emoji: { shortcode: string; url: string } }) {
  return (
    <span class="emoji-alone" aria-hidden="true">
      {withEmoji(`:${emoji.shortcode}:`, [emoji])}
    </span>
  );
}
