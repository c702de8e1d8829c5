import type { Child } from '#web/jsx/html.ts';
import { AdminLayout, type AdminGroup } from '#web/components/admin-layout.tsx';
import { ErrorSummary, SubmitRow, type FormErrors } from '#web/components/form.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';
import type { ViewContext } from '#web/view-context.ts';

interface AdminConfirmProps {
  ctx: ViewContext;
  groups: readonly AdminGroup[];
  title: string;
  /** What will happen, one sentence or two each. */
  effects: readonly string[];
  /** The way back, or that there is none. */
  undo: string;
  action: string;
  /** Says what is done, never "OK". */
  label: string;
  danger?: boolean | undefined;
  fields?: Record<string, string> | undefined;
  cancel: string;
  /** Where one is afterwards, if not where one came from. */
  returnTo?: string | undefined;
  errors?: FormErrors | undefined;
  /** What it is about: the account, the server. */
  children?: Child;
}

/** The page before anything dangerous: what it is about, what will happen, and how it is taken back. */
export function AdminConfirm({
  ctx,
  groups,
  title,
  effects,
  undo,
  action,
  label,
  danger = false,
  fields,
  cancel,
  returnTo = cancel,
  errors = {},
  children,
}: AdminConfirmProps) {
  return (
    <AdminLayout ctx={ctx} groups={groups} title={title} back={{ href: cancel, label: ctx.t('form.back') }}>
      <div class="admin-confirm" data-part="confirm">
        <ErrorSummary ctx={ctx} errors={errors} />
        {children ? <div class="admin-about">{children}</div> : null}
        <h2 class="admin-confirm-title">{ctx.t('admin.will-happen')}</h2>
        <ul class="admin-effects">
          {effects.map((effect) => (
            <li>{effect}</li>
          ))}
        </ul>
        <p class="admin-undo">
          <Icon ctx={ctx} name="info" />
          <span>{undo}</span>
        </p>
        <ActionForm ctx={ctx} action={action} fields={fields} returnTo={returnTo}>
          <SubmitRow ctx={ctx} label={label} danger={danger} cancel={{ href: cancel }} />
        </ActionForm>
      </div>
    </AdminLayout>
  );
}

/** For lists that are sorted by name: the cursor is the last name of the page. */
export function NamePagination({
  ctx,
  nextAfter,
  name = 'after',
}: {
  ctx: ViewContext;
  nextAfter: string | null;
  /** The parameter, where a page has several lists. */
  name?: string | undefined;
}) {
  const isFirst = !ctx.url.searchParams.has(name);
  if (nextAfter === null && isFirst) return null;
  return (
    <nav class="pagination" data-part="pagination" aria-label={ctx.t('pagination.label')}>
      {isFirst ? (
        <span />
      ) : (
        <a class="button" href={withParameter(ctx.url, name, null)} rel="first">
          <Icon ctx={ctx} name="arrow-left" />
          {ctx.t('admin.first-page')}
        </a>
      )}
      {nextAfter === null ? null : (
        <a class="button" href={withParameter(ctx.url, name, nextAfter)} rel="next">
          {ctx.t('pagination.next')}
          <Icon ctx={ctx} name="arrow-right" />
        </a>
      )}
    </nav>
  );
}

function withParameter(url: URL, name: string, value: string | null): string {
  const parameters = new URLSearchParams(url.searchParams);
  if (value === null) parameters.delete(name);
  else parameters.set(name, value);
  const query = parameters.toString();
  return query ? `${url.pathname}?${query}` : url.pathname;
}

/** A form that only asks: what is chosen stands in the address. */
export function FilterForm({ ctx, action, children }: { ctx: ViewContext; action: string; children?: Child }) {
  return (
    <form method="get" action={action} class="filter-form" role="search">
      {children}
      <button class="button" type="submit">
        <Icon ctx={ctx} name="search" />
        {ctx.t('admin.filter')}
      </button>
    </form>
  );
}
