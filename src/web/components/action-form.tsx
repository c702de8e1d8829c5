import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';

/** What every form carries: the CSRF token and where to come back to. */
export function FormFields({ ctx, returnTo }: { ctx: ViewContext; returnTo?: string | undefined }) {
  return (
    <>
      <input type="hidden" name="_csrf" value={ctx.csrfToken} />
      <input type="hidden" name="return_to" value={returnTo ?? ctx.path} />
    </>
  );
}

interface ActionFormProps {
  ctx: ViewContext;
  action: string;
  class?: string | undefined;
  fields?: Record<string, string> | undefined;
  returnTo?: string | undefined;
  children?: Child;
}

/** A form around a single button. */
export function ActionForm({ ctx, action, class: className, fields = {}, returnTo, children }: ActionFormProps) {
  return (
    <form method="post" action={action} class={className}>
      <FormFields ctx={ctx} returnTo={returnTo} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}
