import { keep } from '#web/jsx/keep.ts';
import type { IconName } from '#web/icon-names.ts';
import type { LocaleContext } from '#web/view-context.ts';

interface IconProps {
  ctx: LocaleContext;
  name: IconName;
  /** The accessible name; without one the icon is decoration beside words. */
  label?: string | undefined;
  class?: string | undefined;
}

export function Icon({ ctx, name, label, class: extra }: IconProps) {
  const className = extra ? `icon ${extra}` : 'icon';
  const href = `${ctx.assets.url('icons.svg')}#${name}`;
  return keep(`icon ${className} ${href} ${label === undefined ? '' : `: ${label}`}`, () =>
    label === undefined ? (
      <svg class={className} width="20" height="20" aria-hidden="true">
        <use href={href} />
      </svg>
    ) : (
      <svg class={className} width="20" height="20" role="img" aria-label={label}>
        <title>{label}</title>
        <use href={href} />
      </svg>
    ),
  );
}

/** An icon and the words that say the same: the inside of a button or an entry. */
export function IconWithWords({
  ctx,
  name,
  words,
  quiet = false,
}: {
  ctx: LocaleContext;
  name: IconName;
  words: string;
  quiet?: boolean | undefined;
}) {
  return keep(`words ${ctx.assets.url('icons.svg')} ${name} ${quiet} ${words}`, () => (
    <>
      <Icon ctx={ctx} name={name} />
      {quiet ? <span class="visually-hidden">{words} </span> : <span>{words}</span>}
    </>
  ));
}

/** The mark of Estrade: somebody on a low platform. */
export function Mark({ size = 28 }: { size?: number | undefined }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle class="mark-figure" cx="16" cy="9.5" r="5.5" />
      <path class="mark-step" d="M7.5 18.5h17a1.5 1.5 0 0 1 1.5 1.5v2.5H6V20a1.5 1.5 0 0 1 1.5-1.5Z" />
      <path class="mark-floor" d="M3.5 24.5h25A1.5 1.5 0 0 1 30 26v3H2v-3a1.5 1.5 0 0 1 1.5-1.5Z" />
    </svg>
  );
}
