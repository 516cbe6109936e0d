// The document around every page: its head, its language, and what the script needs to know.
import type { ComponentChildren } from 'preact';
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { PageFrame } from '../../../projections/selectors/page-frame.ts';
import { cutText } from '../../text/cut-text.ts';
import { LANGUAGES } from '../../text/words/languages.ts';
import type { OwnFiles } from '../reply/assets.ts';
import { FEEDS, fileOf, type Reading } from '../reply/reading.ts';
import { pageName } from './page-name.ts';
import { Sprite } from './sprite.tsx';

interface Props {
  readonly frame: PageFrame;
  readonly reading: Reading;
  /** The title, without the name of the page. */
  readonly title: string | undefined;
  readonly description: string;
  /** The state that the title and the icon tell. */
  readonly state: ServiceStatus;
  /** The service that it is about, which has feeds of its own. */
  readonly service?: string | undefined;
  /** Whether the page follows what happens. A page of the past never does. */
  readonly isLive?: boolean;
  /** Whether the page is for a screen on a wall, which is dark unless the reader wants it light. */
  readonly isWall?: boolean;
  /** What this page loads besides the files of all pages. */
  readonly own?: OwnFiles | undefined;
  /** RFC 3339: when the page must be asked for again, whatever happens. */
  readonly until: string | null;
  readonly children: ComponentChildren;
}

/** Beyond it a title is cut. */
const LONGEST_TITLE = 70;

/** What stands before the title while something is the matter. */
const SIGNS: Readonly<Record<ServiceStatus, string>> = {
  operational: '',
  maintenance: '⚒ ',
  degraded: '▲ ',
  partial: '◆ ',
  major: '⯃ ',
};

/** The tints of `tokens.css`, for the frame of the browser. */
const TINTS: Readonly<Record<ServiceStatus, { readonly light: string; readonly dark: string }>> = {
  operational: { light: '#e3f3ef', dark: '#11251f' },
  maintenance: { light: '#eaebfb', dark: '#1d1f3a' },
  degraded: { light: '#fbf1d3', dark: '#2b2410' },
  partial: { light: '#fce8da', dark: '#301d0f' },
  major: { light: '#fae1e5', dark: '#34141b' },
};

export function Document({
  frame,
  reading,
  title,
  description,
  state,
  service,
  isLive = false,
  isWall = false,
  own,
  until,
  children,
}: Props) {
  const { words, past, origin, path, assets } = reading;
  const theme = reading.theme ?? (isWall ? 'dark' : undefined);
  const { settings, organization, position } = frame;
  const whole = cutText(
    SIGNS[state] + [title, pageName(settings.name, words)].filter(Boolean).join(' · '),
    LONGEST_TITLE,
  );
  const address = origin + path;
  const live = isLive && !past ? { 'data-live': true, 'data-room': `org:${organization.id}` } : {};
  return (
    <html lang={words.language} dir={words.direction} {...(theme ? { 'data-theme': theme } : {})}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{whole}</title>
        <meta name="description" content={description} />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content={TINTS[state][theme ?? 'light']} />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content={TINTS[state][theme ?? 'dark']} />
        {past && <meta name="robots" content="noindex" />}
        <link rel="canonical" href={address} />
        {LANGUAGES.map((language) => (
          <link key={language} rel="alternate" hreflang={language} href={`${address}?lang=${language}`} />
        ))}
        <link rel="alternate" hreflang="x-default" href={address} />
        {!past &&
          FEEDS.map(({ name, file, mediaType }) => (
            <link key={file} rel="alternate" type={mediaType} title={name} href={fileOf(reading, file, service)} />
          ))}
        <Icon state={state} favicon={settings.favicon} />
        <link rel="stylesheet" href={assets.stylesheet} />
        {own && <link rel="stylesheet" href={own.stylesheet} />}
        {settings.accent && <link rel="stylesheet" href={accentAddress(settings.accent, settings.accentDark)} />}
        <meta property="og:type" content="website" />
        <meta property="og:title" content={whole} />
        <meta property="og:description" content={description} />
        <meta property="og:url" content={address} />
        <meta property="og:image" content={`${origin}/assets/page.png`} />
        <script type="module" src={assets.script} />
        {own?.script && <script type="module" src={own.script} />}
      </head>
      <body
        {...live}
        {...(isWall ? { 'data-wall': true } : {})}
        data-position={position}
        data-now={reading.now}
        data-zone={frame.zone}
        {...(until === null ? {} : { 'data-until': until })}
        data-texts={JSON.stringify(words.script)}
      >
        <Sprite />
        {children}
      </body>
    </html>
  );
}

/** The organisation's own icon while all is well; otherwise that of the state. */
function Icon({ state, favicon }: { readonly state: ServiceStatus; readonly favicon: string | null }) {
  if (state === 'operational' && favicon !== null) return <link rel="icon" href={favicon} />;
  return <link rel="icon" type="image/svg+xml" href={`/assets/icon-${state}.svg`} />;
}

/** Styles written into a page are not allowed, so the colours of an organisation are a stylesheet. */
function accentAddress(light: string, dark: string | undefined): string {
  return `/assets/accents/${light.slice(1)}-${(dark ?? light).slice(1)}.css`;
}
