/* Menus close by Escape, by a click elsewhere and when another opens. */

function closeAll(except) {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener('click', (event) => {
  closeAll(event.target.closest('details.menu'));
});

document.addEventListener('focusin', (event) => {
  closeAll(event.target.closest('details.menu'));
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = event.target.closest('details.menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
