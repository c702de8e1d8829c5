/*
 * Favourite, boost and bookmark at once: the same form is sent by fetch, and the button is set back when the server
 * refuses. A server that answers 204 saves itself the page.
 */

function set(button, on) {
  button.setAttribute('aria-pressed', String(on));
  button.setAttribute('formaction', on ? button.dataset.undo : button.dataset.do);
  const count = button.querySelector('[data-count]');
  if (!count || button.dataset.action === 'bookmark') return;
  const value = Math.max(0, Number(count.dataset.count) + (on ? 1 : -1));
  count.dataset.count = String(value);
  // From ten thousand on one more does not show in "12.8k".
  if (value < 10_000) count.textContent = value > 0 ? value.toLocaleString(document.documentElement.lang) : '';
}

async function send(action, body) {
  const response = await fetch(action, { method: 'POST', body, headers: { 'x-estrade-island': 'toggle' } });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`answered ${response.status}`);
  // A session that has ended answers with the login page.
  if (new URL(response.url).pathname === '/login') throw new Error('logged out');
}

function apologise() {
  const words = document.querySelector('[data-labels]')?.dataset.failed;
  const region = document.querySelector('.flash-region');
  if (!region || !words) return;
  const bar = document.createElement('div');
  bar.className = 'flash';
  bar.dataset.kind = 'error';
  const text = document.createElement('p');
  text.className = 'flash-words';
  text.textContent = words;
  bar.append(text);
  region.replaceChildren(bar);
  bar.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('submit', async (event) => {
  const button = event.submitter;
  if (!button?.matches('button[data-do]')) return;
  event.preventDefault();
  if ('busy' in button.dataset) return;
  button.dataset.busy = '';
  const on = button.getAttribute('aria-pressed') !== 'true';
  const action = button.getAttribute('formaction');
  const body = new URLSearchParams(new FormData(event.target));
  set(button, on);
  try {
    await send(action, body);
  } catch {
    set(button, !on);
    apologise();
  } finally {
    delete button.dataset.busy;
  }
});
