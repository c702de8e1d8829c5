import type { ViewContext } from '#web/view-context.ts';
import { formatCount } from '#web/i18n.ts';

export interface Tab {
  href: string;
  label: string;
  current: boolean;
  count?: number | undefined;
}

export function Tabs({ ctx, label, tabs }: { ctx: ViewContext; label: string; tabs: Tab[] }) {
  return (
    <nav class="tabs" data-part="tabs" aria-label={label}>
      <ul role="list">
        {tabs.map((tab) => (
          <li>
            <a class="tab" href={tab.href} aria-current={tab.current ? 'page' : undefined}>
              {tab.label}
              {tab.count === undefined ? null : <span class="tab-count">{formatCount(ctx.locale, tab.count)}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
