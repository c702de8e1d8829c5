import type { Child } from '#web/jsx/html.ts';
import type { IconName } from '#web/icon-names.ts';
import type { Flash, ViewContext } from '#web/view-context.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';

const ICONS: Record<NoticeKind, IconName> = {
  success: 'circle-check',
  error: 'circle-alert',
  info: 'info',
  warning: 'triangle-alert',
};

/** What the last action did, with the way back where there is one. */
export function FlashMessage({ ctx }: { ctx: ViewContext }) {
  const { flash } = ctx;
  return (
    <div class="flash-region" data-part="flash" role="status" aria-live="polite">
      {flash ? <FlashBar ctx={ctx} flash={flash} /> : null}
    </div>
  );
}

function FlashBar({ ctx, flash }: { ctx: ViewContext; flash: Flash }) {
  return (
    <div class="flash" data-kind={flash.kind}>
      <Icon ctx={ctx} name={ICONS[flash.kind]} />
      <p class="flash-words">{flash.message}</p>
      {flash.undo ? (
        <ActionForm ctx={ctx} action={flash.undo.action} fields={flash.undo.fields}>
          <button class="button" type="submit" data-kind="quiet">
            {flash.undo.label}
          </button>
        </ActionForm>
      ) : null}
    </div>
  );
}

export type NoticeKind = 'success' | 'error' | 'info' | 'warning';

interface NoticeProps {
  ctx: ViewContext;
  kind?: NoticeKind | undefined;
  title?: string | undefined;
  children?: Child;
}

/** A standing remark inside a page: never colour alone, always an icon and words. */
export function Notice({ ctx, kind = 'info', title, children }: NoticeProps) {
  return (
    <div class="notice" data-part="notice" data-kind={kind} role={kind === 'error' ? 'alert' : undefined}>
      <Icon ctx={ctx} name={ICONS[kind]} />
      <div class="notice-words">
        {title ? <p class="notice-title">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}
