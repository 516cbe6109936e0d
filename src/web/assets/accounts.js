// Sends the form of the page as JSON, goes on where it says, and otherwise tells what is wrong.
const form = document.querySelector('form');
const message = document.querySelector('[role=alert]');
const { action, token, next } = form.dataset;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit().catch(() => tell('The server cannot be reached; try again in a moment.'));
});

// Whoever is signed in already needs no new account.
for (const fieldset of document.querySelectorAll('[data-newcomers]')) {
  const response = await fetch('/api/me');
  if (!response.ok) continue;
  const { name } = await response.json();
  fieldset.hidden = true;
  fieldset.disabled = true;
  tell(`You join as ${name}.`);
}

async function submit() {
  const body = Object.fromEntries(new FormData(form));
  // What is behind # is never sent along with an address: it stays out of every log.
  if (token !== undefined) body.token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(action, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) location.assign(next);
    else refuse(await response.json());
  } finally {
    button.disabled = false;
  }
}

function refuse({ detail, errors = [] }) {
  tell(detail);
  const field = errors.map(({ pointer }) => form.elements.namedItem(pointer.slice(1))).find(Boolean);
  field?.focus();
}

function tell(sentence) {
  message.textContent = sentence;
}
