/* What was looked at for a moment is read: sends the form that a person without script sends by its button. */

const SEEN_MS = 2000;

for (const form of document.querySelectorAll('form[data-read]')) {
  let timer = 0;

  const send = async () => {
    const body = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(form.action, { method: 'POST', body, headers: { 'x-estrade-island': 'read' } });
      if (response.status === 204) form.remove();
    } catch {
      // The button is still there.
    }
  };

  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(send, SEEN_MS);
  };

  document.addEventListener('visibilitychange', plan);
  form.addEventListener('submit', () => clearTimeout(timer));
  plan();
}
