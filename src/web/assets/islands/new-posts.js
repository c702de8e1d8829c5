/* Announces at home what has come since the page was made. Asks while the page is looked at, less often as time goes on. */

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 5 * 60_000;

for (const bar of document.querySelectorAll('[data-new-posts]')) {
  const link = bar.querySelector('a');
  const words = bar.querySelector('[data-words]');
  let wait = FIRST_WAIT_MS;
  let timer = 0;

  const look = async () => {
    try {
      const response = await fetch(bar.dataset.newPosts, { headers: { accept: 'application/json' } });
      // A session that has ended has no news; the next click says so.
      if (response.status === 401) return;
      const { count, words: said } = await response.json();
      if (count > 0 && words.textContent !== said) {
        words.textContent = said;
        link.hidden = false;
      }
    } catch {
      // The network may be back the next time.
    }
    wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
    plan();
  };

  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, wait);
  };

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(timer);
    else {
      wait = FIRST_WAIT_MS;
      look();
    }
  });
  plan();
}
