/* A link to a confirmation page opens the confirmation in place; if that fails, the page itself. */

async function confirmationOf(href) {
  const response = await fetch(href, { headers: { accept: 'text/html' } });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const section = page.querySelector('[data-confirm]');
  if (!section) throw new Error('no confirmation there');
  return document.importNode(section, true);
}

function show(section) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'confirm-title');
  dialog.append(section);
  dialog.addEventListener('click', (event) => {
    const cancelled = event.target.closest('[data-cancel]') || event.target === dialog;
    if (!cancelled) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-dialog]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  try {
    show(await confirmationOf(link.href));
    link.closest('details')?.removeAttribute('open');
  } catch {
    location.assign(link.href);
  }
});
