/* Pictures large, with their description; the arrow keys go through those of one post. */

function open(links, start) {
  const labels = document.querySelector('[data-labels]').dataset;
  const dialog = document.createElement('dialog');
  dialog.className = 'lightbox';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = labels.close;
  const image = document.createElement('img');
  const text = document.createElement('p');
  dialog.append(close, image, text);
  let position = start;

  function show() {
    const small = links[position].querySelector('img');
    const description = links[position].closest('figure')?.querySelector('.media-description-text')?.textContent ?? '';
    image.src = links[position].href;
    image.alt = small.alt;
    text.textContent = description;
    text.hidden = description === '';
    dialog.setAttribute('aria-label', small.alt);
  }

  function step(by) {
    position = (position + by + links.length) % links.length;
    show();
  }

  show();
  dialog.addEventListener('click', (event) => {
    if (event.target !== text) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowRight') step(document.documentElement.dir === 'rtl' ? -1 : 1);
    if (event.key === 'ArrowLeft') step(document.documentElement.dir === 'rtl' ? 1 : -1);
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    links[position].focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-lightbox]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const group = link.closest('.media-grid') ?? link;
  const links = group === link ? [link] : [...group.querySelectorAll('a[data-lightbox]')];
  open(links, links.indexOf(link));
});
