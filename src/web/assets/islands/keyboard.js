/* The shortcuts that people know from Mastodon; `?` lists them. */

const PLACES = {
  h: '/home',
  n: '/notifications',
  l: '/local',
  t: '/federated',
  d: '/messages',
  f: '/favourites',
  b: '/bookmarks',
};

let afterG = 0;

function isTyping(target) {
  return target.closest('input, textarea, select, [contenteditable]') !== null;
}

function posts() {
  return [...document.querySelectorAll('main .post, main article.notification')];
}

function current() {
  return document.activeElement?.closest('.post, article.notification') ?? null;
}

function move(step) {
  const all = posts();
  if (all.length === 0) return;
  const position = all.indexOf(current());
  const top = all.findIndex((post) => post.getBoundingClientRect().bottom > 80);
  const next = position < 0 ? all[Math.max(0, top)] : all[position + step];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

function press(selector) {
  current()?.querySelector(selector)?.click();
}

function focusOn(selector, otherwise) {
  const field = [...document.querySelectorAll(selector)].find((candidate) => candidate.checkVisibility());
  if (field) field.focus();
  else location.assign(otherwise);
}

function goTo(key) {
  const own = document.querySelector('[data-labels]')?.dataset.ownProfile;
  const place = key === 'u' ? own : PLACES[key];
  if (place) location.assign(place);
}

const ACTIONS = {
  '?': () => document.querySelector('#shortcuts')?.showModal(),
  n: () => focusOn('#compose [data-max], #reply [data-max]', '/compose'),
  s: () => focusOn('[data-search]', '/search'),
  '/': () => focusOn('[data-search]', '/search'),
  j: () => move(1),
  k: () => move(-1),
  r: () => press('[data-action=reply]'),
  f: () => press('[data-action=favourite]'),
  b: () => press('[data-action=boost]'),
  d: () => press('[data-action=bookmark]'),
  o: () => press('.post-time, .notification-open'),
  p: () => press('.post-author-link, .account-link'),
  x: () => press('.warning > summary'),
  h: () => press('.veil > summary'),
};

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event.target) ||
    document.querySelector('dialog[open]')
  )
    return;
  // Only who has an account has the list, and with it the shortcuts.
  if (!document.querySelector('#shortcuts')) return;
  if (event.key === 'Enter' && event.target === current()) {
    event.preventDefault();
    ACTIONS.o();
    return;
  }
  if (afterG > event.timeStamp) {
    afterG = 0;
    goTo(event.key);
    return;
  }
  if (event.key === 'g') {
    afterG = event.timeStamp + 1500;
    return;
  }
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
