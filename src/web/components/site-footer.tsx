import type { ViewContext } from '#web/view-context.ts';

export function SiteFooter({ ctx }: { ctx: ViewContext }) {
  const { t } = ctx;
  return (
    <footer class="site-footer" data-part="footer">
      <ul role="list">
        <li>
          <a href="/about">{t('footer.about')}</a>
        </li>
        <li>
          <a href="/terms">{t('footer.terms')}</a>
        </li>
        <li>
          <a href="/privacy">{t('footer.privacy')}</a>
        </li>
        <li>
          <a href="/source">{t('footer.source')}</a>
        </li>
      </ul>
      <p>{t('footer.runs-on', { instance: ctx.instance.name })}</p>
    </footer>
  );
}
