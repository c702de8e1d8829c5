/* Copies a handle or a link, and says so in place for two seconds. */

for (const entry of document.querySelectorAll('[data-copy-entry]')) entry.hidden = false;

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without permission the text is still there to be selected.
    return;
  }
  const label = button.querySelector('span') ?? button;
  const before = [...label.childNodes];
  const region = document.querySelector('.flash-region');
  const said = document.createElement('span');
  said.className = 'visually-hidden';
  said.textContent = button.dataset.copied;
  region?.append(said);
  if (button.querySelector('bdi')) {
    const handle = button.querySelector('bdi');
    const shown = [...handle.childNodes];
    handle.replaceChildren(button.dataset.copied);
    setTimeout(() => handle.replaceChildren(...shown), 2000);
  } else {
    label.replaceChildren(button.dataset.copied);
    setTimeout(() => label.replaceChildren(...before), 2000);
  }
  setTimeout(() => said.remove(), 2000);
});
