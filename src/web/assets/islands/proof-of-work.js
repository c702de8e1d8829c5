/*
 * Solves the challenge of the sign-up form while the person fills it in: finds the counter whose key, derived from
 * the nonce (PBKDF2), begins with the given bytes. Sent too early, the form waits for it.
 */
const field = document.querySelector('input[data-challenge]');

if (field) {
  const challenge = JSON.parse(field.dataset.challenge);
  const form = field.form;

  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

  const derive = async (password) => {
    const { salt, cost, keyLength } = challenge.parameters;
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const settings = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: cost };
    return hexOf(new Uint8Array(await crypto.subtle.deriveBits(settings, key, keyLength * 8)));
  };

  const solve = async () => {
    const nonce = bytesOf(challenge.parameters.nonce);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    const counterView = new DataView(password.buffer, nonce.length);
    for (let counter = 0; ; counter += 1) {
      counterView.setUint32(0, counter);
      const derivedKey = await derive(password);
      if (derivedKey.startsWith(challenge.parameters.keyPrefix)) return { counter, derivedKey };
    }
  };

  let solved = false;
  // A browser that cannot do it sends the form without: then a person looks at the sign-up.
  const work = solve()
    .then((solution) => {
      field.value = JSON.stringify({ challenge, solution });
    })
    .catch(() => undefined)
    .finally(() => {
      solved = true;
    });

  form.addEventListener('submit', (event) => {
    if (solved) return;
    event.preventDefault();
    form.setAttribute('aria-busy', 'true');
    work.then(() => {
      form.removeAttribute('aria-busy');
      form.requestSubmit(event.submitter ?? undefined);
    });
  });
}
