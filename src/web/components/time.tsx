import { formatDate, formatRelative } from '#web/i18n.ts';
import { keep } from '#web/jsx/keep.ts';
import type { ViewContext } from '#web/view-context.ts';

interface TimeProps {
  ctx: ViewContext;
  at: number;
  /** `relative` is refreshed by the `times` island; `moment` and `day` are shown in the reader's zone by it. */
  show?: 'relative' | 'moment' | 'day' | undefined;
}

export function Time({ ctx, at, show = 'relative' }: TimeProps) {
  const absolute = formatDate(ctx.locale, at, 'moment');
  const text = {
    relative: () => formatRelative(ctx.locale, at, ctx.now),
    moment: () => absolute,
    day: () => formatDate(ctx.locale, at, 'day'),
  }[show]();
  return keep(`time ${ctx.locale} ${at} ${show} ${text}`, () => (
    <time datetime={new Date(at).toISOString()} title={absolute} data-time={show}>
      {text}
    </time>
  ));
}
