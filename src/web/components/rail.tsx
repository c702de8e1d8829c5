import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { SearchForm } from '#web/components/search-form.tsx';

/** The right column: search, what the page puts there, and the face of the instance. */
export function Rail({ ctx, children }: { ctx: ViewContext; children?: Child }) {
  return (
    <aside class="rail" data-part="rail" aria-label={ctx.t('rail.label')}>
      <SearchForm ctx={ctx} />
      {children}
      <InstanceCard ctx={ctx} />
    </aside>
  );
}

export function InstanceCard({ ctx }: { ctx: ViewContext }) {
  return (
    <section class="instance-card" data-part="instance-card">
      <h2 class="rail-title">{ctx.instance.name}</h2>
      <p class="instance-host">{ctx.instance.host}</p>
      {ctx.instance.description ? <p>{ctx.instance.description}</p> : null}
      <p>
        <a href="/about">{ctx.t('rail.about')}</a>
      </p>
    </section>
  );
}
