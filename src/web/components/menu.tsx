import type { Child } from '#web/jsx/html.ts';
import type { IconName } from '#web/icon-names.ts';
import type { LocaleContext, ViewContext } from '#web/view-context.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Icon, IconWithWords } from '#web/components/icon.tsx';

interface MenuProps {
  ctx: LocaleContext;
  /** What the button is called. */
  label: string;
  icon?: IconName | undefined;
  /** Where the sheet opens; at its end by default. */
  align?: 'start' | 'end' | undefined;
  children?: Child;
}

/** A disclosure with a list of links and buttons. The `menus` island closes it by Escape and by a click elsewhere. */
export function Menu({ ctx, label, icon = 'ellipsis', align = 'end', children }: MenuProps) {
  return (
    <details class="menu" data-part="menu" data-align={align}>
      <summary class="icon-button" title={label}>
        <Icon ctx={ctx} name={icon} label={label} />
      </summary>
      <ul class="menu-sheet" role="list">
        {children}
      </ul>
    </details>
  );
}

interface MenuEntryProps {
  ctx: LocaleContext;
  icon: IconName;
  label: string;
  danger?: boolean | undefined;
}

export function MenuLink({
  ctx,
  href,
  icon,
  label,
  danger = false,
  dialog = false,
  external = false,
}: MenuEntryProps & {
  href: string;
  /** The page behind it is a confirmation, which the `dialogs` island shows in place. */
  dialog?: boolean | undefined;
  external?: boolean | undefined;
}) {
  return (
    <li>
      <a
        class="menu-entry"
        href={href}
        data-danger={danger ? '' : undefined}
        data-dialog={dialog ? '' : undefined}
        rel={external ? 'noopener noreferrer' : undefined}
      >
        <IconWithWords ctx={ctx} name={icon} words={label} />
      </a>
    </li>
  );
}

export function MenuAction({
  ctx,
  action,
  fields,
  returnTo,
  icon,
  label,
  danger = false,
}: Omit<MenuEntryProps, 'ctx'> & {
  ctx: ViewContext;
  action: string;
  fields?: Record<string, string> | undefined;
  returnTo?: string | undefined;
}) {
  return (
    <li>
      <ActionForm ctx={ctx} action={action} fields={fields} returnTo={returnTo}>
        <button class="menu-entry" type="submit" data-danger={danger ? '' : undefined}>
          <IconWithWords ctx={ctx} name={icon} words={label} />
        </button>
      </ActionForm>
    </li>
  );
}

/** As `MenuAction`, for a menu that stands inside a form already. */
export function MenuButton({ ctx, action, icon, label, danger = false }: MenuEntryProps & { action: string }) {
  return (
    <li>
      <button class="menu-entry" type="submit" formaction={action} data-danger={danger ? '' : undefined}>
        <IconWithWords ctx={ctx} name={icon} words={label} />
      </button>
    </li>
  );
}

/** Needs script: hidden until the `copy` island has found it. */
export function MenuCopy({
  ctx,
  text,
  label,
  done,
}: {
  ctx: LocaleContext;
  text: string;
  label: string;
  done: string;
}) {
  return (
    <li hidden data-copy-entry>
      <button class="menu-entry" type="button" data-copy={text} data-copied={done}>
        <IconWithWords ctx={ctx} name="link" words={label} />
      </button>
    </li>
  );
}

export function MenuDivider() {
  return <li class="menu-divider" aria-hidden="true" />;
}
