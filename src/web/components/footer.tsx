// The bottom of every page: links, the reader's choices, and the way into the past.

import type { PageFrame } from '../../../projections/selectors/page-frame.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import { LANGUAGES, wordsOf } from '../../text/words/languages.ts';
import { fileOf, pageOf, type Reading, subscribePage, verifyPage } from '../reply/reading.ts';
import { Filled } from './filled.tsx';
import { Moment } from './moment.tsx';

interface Props {
  readonly frame: PageFrame;
  readonly reading: Reading;
  /** Whether this page can be shown as it was at an earlier time. */
  readonly hasPast?: boolean;
}

export function Footer({ frame, reading, hasPast = false }: Props) {
  const { settings } = frame;
  const { words } = reading;
  const links = [
    { label: words.frame.history, url: pageOf(reading, 'history') },
    { label: words.frame.maintenance, url: pageOf(reading, 'maintenance') },
    { label: 'Atom', url: fileOf(reading, 'feed.atom') },
    { label: words.frame.calendar, url: fileOf(reading, 'maintenance.ics') },
    { label: words.subscribe.badge, url: `${subscribePage(reading)}#elsewhere` },
    { label: words.frame.api, url: '/api/docs' },
    ...(settings.supportUrl === undefined ? [] : [{ label: words.frame.support, url: settings.supportUrl }]),
    ...settings.links,
  ];
  return (
    <footer class="foot">
      <div class="frame">
        <ul>
          {links.map(({ label, url }) => (
            <li key={url}>
              <a href={url}>{label}</a>
            </li>
          ))}
        </ul>
        <Choices reading={reading} />
        {hasPast && <EarlierTime reading={reading} />}
        {frame.position > 0 && <Proof frame={frame} reading={reading} />}
        <Printed reading={reading} />
      </div>
    </footer>
  );
}

/** Where the page is, and of when: for who has it on paper. */
function Printed({ reading }: Pick<Props, 'reading'>) {
  const { words, origin, address, now, past } = reading;
  return (
    <p class="printed">
      <Filled
        template={words.frame.printed}
        with={{
          address: origin + address,
          moment: <Moment at={past?.at ?? now} as="moment" reading={reading} />,
        }}
      />
    </p>
  );
}

/** How much of a hash is read by people. */
const SHORT_HASH = 8;

/** The record up to which the page speaks, and its hash: whoever notes it can check later that nothing before it was changed. */
function Proof({ frame: { position, hash }, reading }: Pick<Props, 'frame' | 'reading'>) {
  const { words, formats } = reading;
  const short = <code title={hash}>{hash.slice(0, SHORT_HASH)}…</code>;
  return (
    <p class="proof">
      <Filled template={words.verify.proof} with={{ record: formats.number(position), hash: short }} />{' '}
      <a href={verifyPage(reading, { position, hash })}>{words.verify.how}</a>
    </p>
  );
}

/** Theme, language and clock. The script sends the form when a choice changes; without it there is a button. */
function Choices({ reading: { words, theme, address } }: { readonly reading: Reading }) {
  const { frame } = words;
  return (
    <form class="choices" method="post" action="/preferences" aria-label={frame.choices}>
      <label data-zone-choice hidden>
        {frame.timesIn} <select />
      </label>
      <label>
        {frame.theme}{' '}
        <select name="theme">
          <option value="">{frame.themes.system}</option>
          <option value="light" selected={theme === 'light'}>
            {frame.themes.light}
          </option>
          <option value="dark" selected={theme === 'dark'}>
            {frame.themes.dark}
          </option>
        </select>
      </label>
      <label>
        {frame.language}{' '}
        <select name="language">
          {LANGUAGES.map((language) => (
            <option key={language} value={language} lang={language} selected={language === words.language}>
              {wordsOf(language).name}
            </option>
          ))}
        </select>
      </label>
      <input type="hidden" name="back" value={address} />
      <button class="button" type="submit">
        {frame.apply}
      </button>
    </form>
  );
}

/** By the clock of the organisation: the server turns it into a moment. */
function EarlierTime({ reading: { words, path, formats, zone, past, now } }: { readonly reading: Reading }) {
  return (
    <form class="earlier-time" method="get" action={path} aria-label={words.moment.choose}>
      <label>
        {words.moment.timeIn(formats.place)}{' '}
        <input type="datetime-local" name="at" value={wallClockAt(past?.at ?? now, zone).slice(0, 16)} required />
      </label>
      <button class="button" type="submit">
        {words.moment.show}
      </button>
    </form>
  );
}
