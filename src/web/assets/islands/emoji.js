/* The composer's link to the list of emoji opens a picker instead; if that fails, the list itself. */

let choices;

/** The list's own page says what there is: fetched once, when somebody wants an emoji. */
async function choicesOf(href) {
  const response = await fetch(href, { headers: { accept: 'text/html' } });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return [...page.querySelectorAll('[data-emoji-choice]')].map((item) => ({
    name: item.dataset.emojiChoice,
    picture: item.querySelector('img'),
  }));
}

function insert(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  // Next to a letter it would not be read as one.
  const space = before === '' || /\s$/.test(before) ? '' : ' ';
  field.setRangeText(`${space}${text} `, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function pick(field, title, { emojiList: label, emojiNone: none }) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-label', title);
  const filter = document.createElement('input');
  filter.className = 'input';
  filter.type = 'search';
  filter.setAttribute('aria-label', label);
  filter.placeholder = label;
  const list = document.createElement('div');
  list.className = 'emoji-picker-list';
  for (const { name, picture } of choices) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.name = name;
    button.append(document.importNode(picture, true));
    list.append(button);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'button';
  close.textContent = document.querySelector('[data-labels]').dataset.close;
  const status = document.createElement('p');
  status.className = 'hint';
  status.setAttribute('role', 'status');
  dialog.append(filter, list, status, close);
  const shown = () => [...list.children].filter((button) => !button.hidden);
  const narrow = () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const button of list.children) button.hidden = !button.dataset.name.toLowerCase().includes(wanted);
    status.textContent = shown().length === 0 ? none : '';
  };
  filter.addEventListener('input', narrow);
  filter.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    shown()[0]?.click();
  });
  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-name]');
    if (button) insert(field, button.dataset.name);
    if (button || event.target === close || event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    field.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  narrow();
}

document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-emoji-list]');
  const field = link?.closest('form')?.querySelector('textarea[name=text]');
  if (!field || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  try {
    choices ??= await choicesOf(link.href);
    pick(field, link.textContent.trim(), link.dataset);
  } catch {
    window.open(link.href, '_blank', 'noopener');
  }
});
