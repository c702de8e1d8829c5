import type { ViewContext } from '#web/view-context.ts';

const LINES_MAX = 12;
/** In the narrow column of the page. */
const LINE_CHARACTERS = 50;

/** What somebody typed into a form that cannot be shown again, to be copied from here. */
export function TypedTexts({ ctx, texts }: { ctx: ViewContext; texts: readonly string[] }) {
  const { t } = ctx;
  if (texts.length === 0) return null;
  return (
    <section class="error-typed" aria-labelledby="typed-title">
      <h2 id="typed-title">{t('error-page.typed')}</h2>
      <p class="hint">{t('error-page.typed-hint')}</p>
      {texts.map((text) => (
        <textarea class="input textarea" readonly rows={linesOf(text)} dir="auto" aria-labelledby="typed-title">
          {text}
        </textarea>
      ))}
    </section>
  );
}

function linesOf(text: string): number {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE_CHARACTERS)), 0);
  return Math.min(lines, LINES_MAX);
}
