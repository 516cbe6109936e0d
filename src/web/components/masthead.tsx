// The top of every page: whose it is, and where else to go.
import type { PageFrame } from '../../../projections/selectors/page-frame.ts';
import { pageOf, type Reading, subscribePage } from '../reply/reading.ts';

interface Props {
  readonly frame: PageFrame;
  readonly reading: Reading;
  /** Whether this is the front page, which needs no link to itself. */
  readonly isFront?: boolean;
}

export function Masthead({ frame: { settings }, reading, isFront = false }: Props) {
  const { words } = reading;
  return (
    <header class="masthead">
      <div class="frame">
        <a class="brand" href={pageOf(reading, '')}>
          <Mark logo={settings.logo} />
          <span>
            {settings.name}
            {settings.headline && <span class="motto">{settings.headline}</span>}
          </span>
        </a>
        <nav aria-label={words.frame.pages}>
          <ul>
            {!isFront && (
              <li>
                <a href={pageOf(reading, '')}>{words.frame.status}</a>
              </li>
            )}
            <li>
              <a href={pageOf(reading, 'history')}>{words.frame.history}</a>
            </li>
            <li>
              <a href={pageOf(reading, 'maintenance')}>{words.frame.maintenance}</a>
            </li>
          </ul>
        </nav>
        <a class="button" href={subscribePage(reading)}>
          {words.frame.getUpdates}
        </a>
      </div>
    </header>
  );
}

/** The logo, on a plate that makes it readable on any ground; without one a neutral mark. */
function Mark({ logo }: { readonly logo: string | null }) {
  if (logo !== null) return <img class="logo" src={logo} alt="" width="28" height="28" />;
  return (
    <svg class="mark" viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="7" />
      <path d="M6 19V14m5.3 5V9m5.4 10V6m5.3 13v-8" />
    </svg>
  );
}
