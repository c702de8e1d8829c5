import type { ViewContext } from '#web/view-context.ts';

/*
 * A page is put together inside out: the fields of a form are drawn before the summary above them, and both before the
 * title of the page. So whoever draws an error says it here, for those who come later.
 */

const labelsByPage = new WeakMap<ViewContext, Map<string, string>>();

/** @param id of the control with the error; null for one that belongs to no field. */
export function noteError(ctx: ViewContext, id: string | null, label = ''): void {
  const labels = labelsByPage.get(ctx) ?? new Map<string, string>();
  labelsByPage.set(ctx, labels);
  if (id !== null) labels.set(id, label);
}

/** What the control with the error is called; null where it was not said. */
export function labelOfError(ctx: ViewContext, id: string): string | null {
  return labelsByPage.get(ctx)?.get(id) ?? null;
}

export function hasErrors(ctx: ViewContext): boolean {
  return labelsByPage.has(ctx);
}
