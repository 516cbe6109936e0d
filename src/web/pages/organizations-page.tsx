// The page of a server whose default organisation is not public: the status pages that are.
import type { OrganizationsView } from '../../../projections/selectors/organizations-view.ts';
import { Glyph } from '../components/glyph.tsx';
import { Sprite } from '../components/sprite.tsx';
import type { Reading } from '../reply/reading.ts';

interface Props {
  readonly view: OrganizationsView;
  readonly reading: Pick<Reading, 'words' | 'theme' | 'assets'>;
  /** Whether people can sign in here. */
  readonly canSignIn: boolean;
}

export function OrganizationsPage({ view: { organizations }, reading, canSignIn }: Props) {
  const { words, theme, assets } = reading;
  return (
    <html lang={words.language} dir={words.direction} {...(theme ? { 'data-theme': theme } : {})}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{words.page.organizations}</title>
        <meta name="description" content={words.page.organizations} />
        <link rel="icon" type="image/svg+xml" href="/assets/icon-operational.svg" />
        <link rel="stylesheet" href={assets.stylesheet} />
      </head>
      <body>
        <Sprite />
        <main class="frame organizations">
          <h1>{words.page.organizations}</h1>
          {organizations.length === 0 ? (
            <p class="panel empty">{words.page.noOrganizations}</p>
          ) : (
            <ul class="panel">
              {organizations.map(({ id, slug, name, status }) => (
                <li key={id}>
                  <a href={`/status/${slug}`}>{name}</a>
                  <span class={`state ${status}`}>
                    <Glyph of={status} />
                    {words.status[status]}
                  </span>
                </li>
              ))}
            </ul>
          )}
          {canSignIn && (
            <p>
              <a class="button" href="/sign-in">
                {words.frame.signIn}
              </a>
            </p>
          )}
        </main>
      </body>
    </html>
  );
}
