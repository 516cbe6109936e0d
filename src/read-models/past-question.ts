// Questions about the past, and their answers: plain data, because a thread of its own may answer them.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { PageQuery, Place } from '../../projections/page.ts';
import type { PageAsked } from '../../projections/selectors/page-frame.ts';
import type { UptimePage } from '../../projections/uptime-figures.ts';
import type { Filter } from '../../projections/viewer/scope.ts';
import { type Access, maySee, type Viewer } from '../../projections/viewer/viewer.ts';
import type { ViewAsked } from './views.ts';

/**
 * What a question is about: the list of a kind of entity (its plural) or a page of it, the overall status, the order of the
 * page of an organisation, its uptimes, that page as a whole, what one of its pages is made from, or the organisations.
 */
export type PastSubject =
  | ListSubject
  | { readonly status: Filter }
  | { readonly order: string }
  | { readonly uptime: UptimeSubject }
  | { readonly page: PageSubject }
  | { readonly view: ViewSubject }
  | { readonly organizations: 'all' };

export interface PageSubject extends Omit<PageAsked, 'hidden'> {
  /** The time as of which the answer speaks. */
  readonly time: string;
}

/** The answer is `null` if there was no such page. */
export type ViewSubject = ViewAsked & Pick<PageSubject, 'time'>;

export interface UptimeSubject extends UptimePage {
  readonly days: number;
  /** The time as of which the answer speaks. */
  readonly time: string;
}

export interface ListSubject {
  readonly list: string;
  readonly filter: Filter;
  readonly page?: PageQuery;
}

export interface PastQuestion {
  readonly subject: PastSubject;
  /** The position of the log at which the read models answer. */
  readonly position: number;
  readonly viewer: PastViewer;
}

/** What a viewer may see today: a past is shown under the permissions of today. */
export interface PastViewer {
  readonly organizations: Viewer['organizations'];
  /** The access to each organisation, or to all alike. */
  readonly access: Access | ReadonlyMap<string, Access>;
}

export interface PastAnswer {
  /** JSON. */
  readonly bytes: Buffer;
  /** Position of the last event that changed anything in the answer; 0 if there was none. */
  readonly position: number;
  /** Where the next page goes on; `undefined` on the last page, and for what has no pages. */
  readonly next?: Place | undefined;
  /** How long it took on its thread, in milliseconds. */
  readonly milliseconds: number;
}

/** Answers questions one after another: the caller waits for an answer before it asks the next question. */
export interface PastEngine {
  /**
   * `undefined` if the past is too large to be folded, which is reported. Rejects with the reason of the signal when it
   * aborts, and with the error of a log that cannot be read.
   */
  answer(question: PastQuestion, signal: AbortSignal): Promise<PastAnswer | undefined>;
  /** Forgets everything that was folded, because text of it was redacted. */
  forget(): void;
  close(): Promise<void>;
}

/**
 * The question of a viewer. If the viewer may not see the organisation that it names, it is about the time before all
 * events, so that nothing is folded.
 */
export function questionOf(subject: PastSubject, position: number, viewer: Viewer): PastQuestion {
  const named = organizationNamedIn(subject);
  const isHidden = named !== undefined && !maySee(viewer, named);
  return { subject, position: isHidden ? 0 : position, viewer: pastViewer(viewer, named) };
}

function organizationNamedIn(subject: PastSubject): string | undefined {
  if ('list' in subject) return subject.filter.organizationId;
  if ('order' in subject) return subject.order;
  if ('uptime' in subject) return subject.uptime.organizationId;
  if ('page' in subject) return subject.page.organizationId;
  if ('view' in subject) return subject.view.organizationId;
  return 'status' in subject ? subject.status.organizationId : undefined;
}

function pastViewer({ organizations, ...viewer }: Viewer, named: string | undefined): PastViewer {
  if (organizations === 'all') return { organizations, access: viewer.access(named ?? DEFAULT_ORGANIZATION) };
  const ids = named === undefined ? organizations : [named];
  return { organizations: ids, access: new Map(ids.map((id) => [id, viewer.access(id)])) };
}

/** The viewer again, as selectors take it. */
export function viewerOf({ organizations, access }: PastViewer): Viewer {
  return {
    actor: { kind: 'anonymous' },
    organizations,
    access: (id) => (typeof access === 'string' ? access : (access.get(id) ?? 'none')),
  };
}
