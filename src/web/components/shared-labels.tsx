import type { MessageKey } from '#web/i18n.ts';
import { keep } from '#web/jsx/keep.ts';
import type { ViewContext } from '#web/view-context.ts';

const SHORTCUTS: { keys: string[]; label: MessageKey }[] = [
  { keys: ['n'], label: 'shortcut.compose' },
  { keys: ['s', '/'], label: 'shortcut.search' },
  { keys: ['j'], label: 'shortcut.next' },
  { keys: ['k'], label: 'shortcut.previous' },
  { keys: ['Enter', 'o'], label: 'shortcut.open' },
  { keys: ['r'], label: 'shortcut.reply' },
  { keys: ['f'], label: 'shortcut.favourite' },
  { keys: ['b'], label: 'shortcut.boost' },
  { keys: ['d'], label: 'shortcut.bookmark' },
  { keys: ['p'], label: 'shortcut.profile' },
  { keys: ['x'], label: 'shortcut.warning' },
  { keys: ['h'], label: 'shortcut.media' },
  { keys: ['g h'], label: 'shortcut.home' },
  { keys: ['g n'], label: 'shortcut.notifications' },
  { keys: ['g l'], label: 'shortcut.local' },
  { keys: ['g t'], label: 'shortcut.federated' },
  { keys: ['g d'], label: 'shortcut.messages' },
  { keys: ['g f'], label: 'shortcut.favourites' },
  { keys: ['g b'], label: 'shortcut.bookmarks' },
  { keys: ['g u'], label: 'shortcut.own-profile' },
  { keys: ['Esc'], label: 'shortcut.leave' },
  { keys: ['?'], label: 'shortcut.list' },
];

/** Words and dialogs that only the islands use. They are part of the page because its language is. */
export function SharedLabels({ ctx }: { ctx: ViewContext }) {
  const { t } = ctx;
  return (
    <>
      <div
        hidden
        data-labels
        data-close={t('dialog.close')}
        data-failed={t('island.failed')}
        data-describe-title={t('island.describe-title')}
        data-describe-text={t('island.describe-text')}
        data-describe-back={t('island.describe-back')}
        data-describe-send={t('island.describe-send')}
        data-own-profile={ctx.viewer?.account.path}
      />
      {ctx.viewer ? <Shortcuts ctx={ctx} /> : null}
    </>
  );
}

function Shortcuts({ ctx }: { ctx: ViewContext }) {
  return keep(`shortcuts ${ctx.locale}`, () => (
    <dialog class="dialog" id="shortcuts" aria-labelledby="shortcuts-title">
      <h2 class="dialog-title" id="shortcuts-title">
        {ctx.t('shortcut.title')}
      </h2>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ keys, label }) => (
          <div class="shortcut">
            <dt>
              {keys.map((key, position) => (
                <>
                  {position > 0 ? ` ${ctx.t('shortcut.or')} ` : ''}
                  {key.split(' ').map((one) => (
                    <kbd>{one}</kbd>
                  ))}
                </>
              ))}
            </dt>
            <dd>{ctx.t(label)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="submit-row">
        <button class="button" type="submit">
          {ctx.t('dialog.close')}
        </button>
      </form>
    </dialog>
  ));
}
