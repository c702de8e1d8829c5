import { flat, raw, type Markup } from '#web/jsx/html.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';

interface IconProps {
  ctx: ViewContext;
  name: IconName;
  /** The accessible name; without one the icon is decoration beside words. */
  label?: string | undefined;
  class?: string | undefined;
}

/** Drawn once each: a page of posts has hundreds of the same dozen. */
const decorations = new Map<string, Markup>();

export function Icon({ ctx, name, label, class: extra }: IconProps) {
  const sheet = ctx.assets.url('icons.svg');
  const className = extra ? `icon ${extra}` : 'icon';
  const href = `${sheet}#${name}`;
  if (label === undefined) {
    const key = `${className} ${href}`;
    let drawn = decorations.get(key);
    if (!drawn) {
      drawn = (
        <svg class={className} width="20" height="20" aria-hidden="true" focusable="false">
          <use href={href} />
        </svg>
      );
      drawn = raw(flat(drawn.toString()));
      decorations.set(key, drawn);
    }
    return drawn;
  }
  return (
    <svg class={className} width="20" height="20" role="img" aria-label={label}>
      <title>{label}</title>
      <use href={href} />
    </svg>
  );
}

/** The mark of Estrade: somebody on a low platform. */
export function Mark({ size = 28 }: { size?: number | undefined }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle class="mark-figure" cx="16" cy="9.5" r="5.5" />
      <path class="mark-step" d="M7.5 18.5h17a1.5 1.5 0 0 1 1.5 1.5v2.5H6V20a1.5 1.5 0 0 1 1.5-1.5Z" />
      <path class="mark-floor" d="M3.5 24.5h25A1.5 1.5 0 0 1 30 26v3H2v-3a1.5 1.5 0 0 1 1.5-1.5Z" />
    </svg>
  );
}
