/*
 * Favourite, boost and bookmark at once: the same form is sent by fetch, and the button is set back when the server
 * refuses. A server that answers 204 saves itself the page.
 */

function set(form, on) {
  const button = form.querySelector('button');
  button.setAttribute('aria-pressed', String(on));
  form.setAttribute('action', on ? form.dataset.on : form.dataset.off);
  const count = form.querySelector('[data-count]');
  if (!count || form.dataset.toggle === 'bookmark') return;
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
  const form = event.target;
  if (!form.matches('form[data-toggle]')) return;
  event.preventDefault();
  if ('busy' in form.dataset) return;
  form.dataset.busy = '';
  const on = form.querySelector('button').getAttribute('aria-pressed') !== 'true';
  const action = form.getAttribute('action');
  const body = new URLSearchParams(new FormData(form));
  set(form, on);
  try {
    await send(action, body);
  } catch {
    set(form, !on);
    apologise();
  } finally {
    delete form.dataset.busy;
  }
});
