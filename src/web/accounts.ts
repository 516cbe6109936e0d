// The account pages: sign-in, and the targets of set-up, reset and invitation links.
import { HTML_TYPE } from '../http/media-types.ts';
import type { Route } from '../http/route.ts';

interface Page {
  readonly path: string;
  readonly operationId: string;
  readonly title: string;
  readonly text: string;
  /** The URL to which the form is posted. */
  readonly action: string;
  /** Whether the fragment of the page's URL contains a token. */
  readonly token: boolean;
  readonly fields: readonly (keyof typeof FIELDS)[];
  /** Whether the fields are only for people without an account. */
  readonly newcomers?: boolean;
  readonly button: string;
  /** The page to open after success. */
  readonly next: string;
}

const FIELDS = {
  name: '<label for="name">Name</label><input id="name" name="name" autocomplete="name" required maxlength="200">',
  email:
    '<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="254">',
  password:
    '<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">',
  newPassword:
    '<label for="password">Password, 12 characters or more</label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="12" maxlength="256">',
} as const;

const PAGES: readonly Page[] = [
  {
    path: '/setup',
    operationId: 'getSetupPage',
    title: 'Set up Plive',
    text: 'This server has no owner yet. This account becomes its owner.',
    action: '/api/setup',
    token: true,
    fields: ['name', 'email', 'newPassword'],
    button: 'Become the owner',
    next: '/',
  },
  {
    path: '/sign-in',
    operationId: 'getSignInPage',
    title: 'Sign in',
    text: 'To set a new password, ask the administrator of this server for a link.',
    action: '/api/sessions',
    token: false,
    fields: ['email', 'password'],
    button: 'Sign in',
    next: '/',
  },
  {
    path: '/reset',
    operationId: 'getResetPage',
    title: 'Set a new password',
    text: 'You will be signed out everywhere.',
    action: '/api/password',
    token: true,
    fields: ['newPassword'],
    button: 'Set the password',
    next: '/sign-in',
  },
  {
    path: '/invitations',
    operationId: 'getInvitationPage',
    title: 'Accept an invitation',
    text: 'If you already have an account, sign in first and open the link again.',
    action: '/api/invitations',
    token: true,
    fields: ['name', 'email', 'newPassword'],
    newcomers: true,
    button: 'Join',
    next: '/',
  },
];

export function accountPages(): Route[] {
  return PAGES.map(pageRow);
}

function pageRow(page: Page): Route {
  const body = Buffer.from(html(page));
  return {
    method: 'get',
    path: page.path,
    operationId: page.operationId,
    tag: 'pages',
    summary: `The page: ${page.title}`,
    access: 'anyone',
    isFree: true,
    success: { status: 200, description: 'The page', mediaType: 'text/html', example: '<!doctype html>…' },
    problems: [],
    handle: () => ({ status: 200, body, headers: { 'Content-Type': HTML_TYPE } }),
  };
}

function html({ title, text, action, token, fields, newcomers = false, button, next }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/accounts.css">
<script type="module" src="/assets/accounts.js"></script>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
<form data-action="${action}" data-next="${next}"${token ? ' data-token' : ''}>
<fieldset${newcomers ? ' data-newcomers' : ''}>
${fields.map((field) => FIELDS[field]).join('\n')}
</fieldset>
<button>${button}</button>
<p role="alert"></p>
</form>
<noscript><p>This page needs scripts.</p></noscript>
</main>
</body>
</html>
`;
}
