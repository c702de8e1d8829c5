import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { SubmitRow } from '#web/components/form.tsx';

export interface ConfirmProps {
  ctx: ViewContext;
  title: string;
  /** What will happen, and whether there is a way back. */
  text: Child;
  action: string;
  /** The button's words say what is done: "Delete the post", never "OK". */
  label: string;
  danger?: boolean | undefined;
  fields?: Record<string, string> | undefined;
  /** Where cancelling leads. */
  cancel: string;
  returnTo?: string | undefined;
  /** Other ways out, beside the button and cancelling. */
  others?: Child;
  /** What it is about: the post, the account. */
  children?: Child;
}

/** A page of its own; from a link with `data-dialog` the `dialogs` island shows it in place. */
export function ConfirmPage(props: ConfirmProps) {
  return (
    <Layout
      ctx={props.ctx}
      title={props.title}
      heading={null}
      bar={props.ctx.instance.name}
      back={{ href: props.cancel, label: props.ctx.t('form.back') }}
    >
      <Confirm {...props} />
    </Layout>
  );
}

export function Confirm({
  ctx,
  title,
  text,
  action,
  label,
  danger = false,
  fields,
  cancel,
  returnTo,
  others,
  children,
}: ConfirmProps) {
  return (
    <section class="confirm" data-part="confirm" data-confirm aria-labelledby="confirm-title">
      <h1 class="confirm-title" id="confirm-title">
        {title}
      </h1>
      <p class="confirm-text">{text}</p>
      {children ? <div class="confirm-about">{children}</div> : null}
      <ActionForm ctx={ctx} action={action} fields={fields} returnTo={returnTo ?? cancel}>
        <SubmitRow ctx={ctx} label={label} danger={danger} cancel={{ href: cancel }}>
          {others}
        </SubmitRow>
      </ActionForm>
    </section>
  );
}
