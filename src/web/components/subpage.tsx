// The frame around every page but the front page: bar of the past, masthead, what the page is about, content, footer.
import type { ComponentChildren } from 'preact';
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { PageFrame } from '../../../projections/selectors/page-frame.ts';
import type { OwnFiles } from '../reply/assets.ts';
import type { Reading } from '../reply/reading.ts';
import { Document } from './document.tsx';
import { Footer } from './footer.tsx';
import { Masthead } from './masthead.tsx';
import { TimeBar } from './time-bar.tsx';

interface Props {
  readonly frame: PageFrame;
  readonly reading: Reading;
  readonly title: string;
  readonly description: string;
  /** The state that the page is about; without one its band has no colour. */
  readonly state?: ServiceStatus;
  /** The service that it is about. */
  readonly service?: string | undefined;
  /** What stands in the band, with the heading of the page. */
  readonly top?: ComponentChildren;
  /** The heading, of a page that is about no state. */
  readonly heading?: string;
  readonly isLive?: boolean;
  /** Whether the page can be shown as it was at an earlier time. */
  readonly hasPast?: boolean;
  /** What this page loads besides the files of all pages. */
  readonly own?: OwnFiles;
  readonly until: string | null;
  /** The class of the content. */
  readonly kind: string;
  readonly children: ComponentChildren;
}

export function Subpage(props: Props) {
  const {
    frame,
    reading,
    title,
    description,
    state,
    service,
    top,
    heading,
    isLive = false,
    hasPast = false,
    own,
    until,
    kind,
    children,
  } = props;
  return (
    <Document
      frame={frame}
      reading={reading}
      title={title}
      description={description}
      state={state ?? 'operational'}
      service={service}
      isLive={isLive}
      own={own}
      until={until}
    >
      <a class="skip" href="#content">
        {reading.words.frame.skip}
      </a>
      <TimeBar reading={reading} />
      <div class={`band ${state ?? 'plain'}`}>
        <Masthead frame={frame} reading={reading} />
        {top}
      </div>
      <main class={`frame ${kind}`} id="content">
        {heading !== undefined && <h1 class="title">{heading}</h1>}
        {children}
      </main>
      <Footer frame={frame} reading={reading} hasPast={hasPast} />
    </Document>
  );
}
