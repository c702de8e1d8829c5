import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Icon } from '#web/components/icon.tsx';

export type BadgeKind = 'neutral' | 'accent' | 'live' | 'gold' | 'success' | 'warning' | 'danger';

interface BadgeProps {
  ctx: ViewContext;
  label: string;
  kind?: BadgeKind | undefined;
  icon?: IconName | undefined;
}

/* Signal colours never stand alone. */
const KIND_ICONS: Partial<Record<BadgeKind, IconName>> = {
  live: 'radio',
  success: 'circle-check',
  warning: 'triangle-alert',
  danger: 'circle-alert',
};

export function Badge({ ctx, label, kind = 'neutral', icon = KIND_ICONS[kind] }: BadgeProps) {
  return (
    <span class="badge" data-part="badge" data-kind={kind}>
      {icon ? <Icon ctx={ctx} name={icon} /> : null}
      {label}
    </span>
  );
}
