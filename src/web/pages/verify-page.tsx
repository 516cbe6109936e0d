// The page on which a reader's browser checks the record. Without a script it says how to check it by hand.
import type { View } from '../../read-models/views.ts';
import { Filled } from '../components/filled.tsx';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import type { Reading } from '../reply/reading.ts';

interface Part {
  readonly view: View<'frame'>;
  readonly reading: Reading;
}

export function VerifyPage({ view, reading, until }: PageProps<View<'frame'>>) {
  const { verify } = reading.words;
  return (
    <Subpage
      frame={view.frame}
      reading={reading}
      title={verify.heading}
      description={verify.what}
      heading={verify.heading}
      until={until}
      own={reading.assets.verify}
      kind="verify-page"
    >
      <p class="lead prose">{verify.what}</p>
      <Latest view={view} reading={reading} />
      <Check view={view} reading={reading} />
      <ByHand view={view} reading={reading} />
      <section class="prose" aria-labelledby="limits">
        <h2 id="limits">{verify.limits}</h2>
        <ul>
          {verify.shows.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </section>
    </Subpage>
  );
}

function Latest({ view: { frame }, reading: { words, formats } }: Part) {
  return (
    <dl class="head">
      <div>
        <dt>{words.verify.latest}</dt>
        <dd>{formats.number(frame.position)}</dd>
      </div>
      <div>
        <dt>{words.verify.hash}</dt>
        <dd>
          <code>{frame.hash}</code>
        </dd>
      </div>
    </dl>
  );
}

/** The script shows it, and fills in what it finds. */
function Check({ view: { frame }, reading: { words } }: Part) {
  const { verify } = words;
  const head = frame.position > 0 ? { 'data-head': headOf(frame) } : {};
  return (
    <section
      class="panel check"
      aria-labelledby="here"
      data-check
      data-export={exportOf(frame)}
      data-texts={JSON.stringify(verify.script)}
      {...head}
      hidden
    >
      <h2 id="here">{verify.here}</h2>
      <p>{verify.hereHow}</p>
      <form>
        <label for="noted">{verify.noted}</label>
        <input
          id="noted"
          name="noted"
          type="text"
          spellcheck={false}
          autocomplete="off"
          aria-describedby="noted-hint"
        />
        <p id="noted-hint">{verify.notedHint}</p>
        <button class="button" type="submit">
          {verify.check}
        </button>
      </form>
      <progress aria-label={verify.here} max="1" value="0" hidden />
      <p class="so-far" />
      <p class="verdict" role="status" />
      <ul class="found" />
    </section>
  );
}

function ByHand({ view: { frame }, reading: { words, origin } }: Part) {
  const { verify } = words;
  const link = (
    <a href={exportOf(frame)} download>
      {verify.export}
    </a>
  );
  const head = frame.position > 0 ? ` --head ${headOf(frame)}` : '';
  return (
    <section class="prose" aria-labelledby="by-hand">
      <h2 id="by-hand">{verify.byHand}</h2>
      <p>
        <Filled template={verify.byHandHow} with={{ export: link }} />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>
          {`curl -o record.ndjson '${origin}${exportOf(frame)}'\n`}
          {`npx plive verify record.ndjson${head}`}
        </code>
      </pre>
    </section>
  );
}

function exportOf({ organization }: View<'frame'>['frame']): string {
  return `/api/events/export?organizationId=${encodeURIComponent(organization.id)}`;
}

function headOf({ position, hash }: View<'frame'>['frame']): string {
  return `${position}:${hash}`;
}
