// Posts the form of the page as JSON. Opens the next page on success, and shows the error otherwise.
const form = document.querySelector('form');
const message = document.querySelector('[role=alert]');
const { action, token, next } = form.dataset;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit().catch(() => show('The server cannot be reached; try again in a moment.'));
});

// A signed-in person joins with their account, so hide the fields for a new one.
for (const fieldset of document.querySelectorAll('[data-newcomers]')) {
  const response = await fetch('/api/me');
  if (!response.ok) continue;
  const { name } = await response.json();
  fieldset.hidden = true;
  fieldset.disabled = true;
  show(`You join as ${name}.`);
}

async function submit() {
  const body = Object.fromEntries(new FormData(form));
  // Browsers never send the fragment (#) of a URL to a server, so the token stays out of all logs.
  if (token !== undefined) body.token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(action, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) location.assign(next);
    else showProblem(await response.json());
  } finally {
    button.disabled = false;
  }
}

function showProblem({ detail, errors = [] }) {
  show(detail);
  const field = errors.map(({ pointer }) => form.elements.namedItem(pointer.slice(1))).find(Boolean);
  field?.focus();
}

function show(sentence) {
  message.textContent = sentence;
}
