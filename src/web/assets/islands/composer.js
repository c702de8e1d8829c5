/* Counter, Ctrl+Enter, the icon of the chosen visibility, and a reminder before media go out undescribed. */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** As the server counts: a family emoji is one. */
function lengthOf(text) {
  let length = 0;
  for (const _ of segmenter.segment(text.trim())) length += 1;
  return length;
}

function count(form) {
  const input = form.querySelector('[data-max]');
  const warning = form.querySelector('[name=warning]');
  const counter = form.querySelector('[data-counter]');
  const words = form.querySelector('[data-counter-words]');
  const left = Number(input.dataset.max) - lengthOf(input.value) - lengthOf(warning.value);
  counter.hidden = input.value === '';
  counter.textContent = String(left);
  counter.toggleAttribute('data-over', left < 0);
  // Read out only near the end: hearing every letter's number helps nobody.
  words.textContent = left <= 20 ? words.dataset.counterWords.replace('{count}', String(left)) : '';
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('[data-composer]');
  if (form) count(form);
});

for (const form of document.querySelectorAll('[data-composer]')) count(form);

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest('[data-composer]');
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-icon-select]')) return;
  const use = event.target.parentElement.querySelector('use');
  const [file] = use.getAttribute('href').split('#');
  use.setAttribute('href', `${file}#${event.target.selectedOptions[0].dataset.icon}`);
});

function undescribed(form) {
  return [...form.querySelectorAll('[data-media-row]')].find(
    (row) =>
      row.querySelector('input[type=file]').files.length > 0 && row.querySelector('textarea').value.trim() === '',
  );
}

/** Asked once per form: a second "post" is an answer too. */
function remind(form, row) {
  const labels = document.querySelector('[data-labels]').dataset;
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'describe-title');
  const title = document.createElement('h2');
  title.className = 'dialog-title';
  title.id = 'describe-title';
  title.textContent = labels.describeTitle;
  const text = document.createElement('p');
  text.className = 'dialog-text';
  text.textContent = labels.describeText;
  const buttons = document.createElement('div');
  buttons.className = 'submit-row';
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'button';
  back.dataset.kind = 'primary';
  back.textContent = labels.describeBack;
  const send = document.createElement('button');
  send.type = 'button';
  send.className = 'button';
  send.textContent = labels.describeSend;
  buttons.append(back, send);
  dialog.append(title, text, buttons);
  document.body.append(dialog);
  back.addEventListener('click', () => {
    dialog.close();
    row.closest('details')?.setAttribute('open', '');
    row.querySelector('textarea').focus();
  });
  send.addEventListener('click', () => {
    dialog.close();
    form.dataset.reminded = '';
    form.requestSubmit();
  });
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-composer]') || 'reminded' in form.dataset) return;
  const row = undescribed(form);
  if (!row) return;
  event.preventDefault();
  remind(form, row);
});
