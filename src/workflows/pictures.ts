// Pictures of pages, in a store beside the log. A picture is stored before the event that shows it, and erased after the
// event that takes it away. What a crash leaves between the two, the next start erases: everything that no page names.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { findPage, type Picture, pageStream, readablePictures } from '../../projections/pages.ts';
import { hasRole } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../bounds/lanes.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import type { CommandRequest, Dispatch } from '../commands/dispatch.ts';
import type { Dispatched } from '../commands/dispatched.ts';
import { changePicture, type PicturePart } from '../commands/page-pictures.ts';
import type { PictureStore, StoredPicture } from '../identity/picture-store.ts';
import { digest } from '../log/chain.ts';
import type { EventLog } from '../log/event-log.ts';
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import type { ReadModels } from '../read-models/read-models.ts';

interface Terms {
  readonly store: PictureStore;
  readonly log: Pick<EventLog, 'freshen' | 'committed$'>;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly report: Report;
  /** Memory for pictures that were read last, in bytes. */
  readonly kept: number;
  /** How many changes may wait for the pictures of one page. */
  readonly waiting: number;
}

/** A picture that was read, and whose it is. */
interface ReadPicture {
  readonly organizationId: string;
  readonly picture: StoredPicture;
}

/** A change of one picture of a page; `null` for none. */
interface PictureChange {
  readonly organizationId: string;
  readonly part: PicturePart;
  readonly picture: Omit<StoredPicture, 'digest'> | null;
}

export class Pictures {
  readonly #terms: Terms;
  /** Changes of one page run one after another: none may erase what another has stored and not yet shown. */
  readonly #lanes: Lanes;
  readonly #read: RecentMap<string, ReadPicture>;
  #sweeping: Promise<void> | undefined;

  constructor(terms: Terms) {
    this.#terms = terms;
    this.#lanes = new Lanes(terms.waiting);
    this.#read = new RecentMap(terms.kept, ({ picture }) => picture.bytes.length);
    // Another node may have redacted the event that gave a picture.
    terms.log.committed$.subscribe(({ redacted }) => redacted && this.#forgetUnreadable());
  }

  /** Erases, in the background, what no page names: a crash may have left it. Call it when the log is open. */
  start(): void {
    const { store, models, report } = this.#terms;
    // Who has no page has no pictures: the store stays closed.
    if (models.current.pages.pages.everything === undefined) return;
    const sweep = async () => {
      for (const organizationId of await store.organizations()) await this.#tidy(organizationId);
    };
    this.#sweeping = sweep().catch((error) => report('pictures that nothing shows could not be erased', error));
  }

  /** Shows another picture, or none. */
  async change({ organizationId, part, picture }: PictureChange, request: CommandRequest): Promise<Dispatched> {
    const { store, dispatch } = this.#terms;
    const show = (shown: Picture | null) => dispatch(changePicture, { organizationId, part, picture: shown }, request);
    if (!picture) return show(null);
    const named = { digest: digest(picture.bytes), type: picture.type };
    // Nothing is stored for those who may not change the page: the command refuses them.
    if (!hasRole(request.viewer, organizationId, 'admin')) return show(named);
    return this.#inLane(organizationId, async () => {
      await store.put(organizationId, { ...named, bytes: picture.bytes });
      const dispatched = await show(named);
      await this.#eraseOthers(organizationId, { sparingNew: true });
      return dispatched;
    });
  }

  /** The picture, if the page shows it or has shown it and its event is not redacted. */
  async find(organizationId: string, sought: string): Promise<StoredPicture | undefined> {
    const { store, models } = this.#terms;
    const isReadable = () => readablePictures(findPage(models.current.pages, organizationId)).has(sought);
    if (!isReadable()) return undefined;
    const key = `${organizationId} ${sought}`;
    const picture = this.#read.get(key)?.picture ?? (await store.find(organizationId, sought));
    if (!picture || !isReadable()) return undefined;
    this.#read.set(key, { organizationId, picture });
    return picture;
  }

  /** Erases the picture that a redacted event of this stream gave. Resolves when it is gone. */
  async redacted({ stream, organizationId }: Pick<RecordedEvent, 'stream' | 'organizationId'>): Promise<void> {
    if (stream !== pageStream(organizationId)) return;
    await this.#inLane(organizationId, () => this.#eraseOthers(organizationId, { sparingNew: false }));
  }

  async close(): Promise<void> {
    await this.#sweeping;
    await this.#terms.store.close();
  }

  /** Erases the pictures that the page no longer names. */
  async #tidy(organizationId: string): Promise<void> {
    await this.#inLane(organizationId, () => this.#eraseOthers(organizationId, { sparingNew: true }));
  }

  /** Those that are only no longer shown can wait for the next time; those of a redacted event cannot. */
  async #eraseOthers(organizationId: string, options: { readonly sparingNew: boolean }): Promise<void> {
    const { store, log, models } = this.#terms;
    // Another node may have shown a picture that this one does not know of.
    if (!(await log.freshen())) {
      if (options.sparingNew) return;
      throw new JournalError('away', NOT_FRESH);
    }
    // A page that has stopped behind the log may name too little.
    if (models.isFaulty(organizationId)) return;
    const named = readablePictures(findPage(models.current.pages, organizationId));
    await store.keepOnly(organizationId, [...named], options);
    this.#forgetUnreadable();
  }

  #forgetUnreadable(): void {
    const { pages } = this.#terms.models.current;
    this.#read.prune((read) => !readablePictures(findPage(pages, read.organizationId)).has(read.picture.digest));
  }

  async #inLane<T>(organizationId: string, work: () => Promise<T>): Promise<T | { readonly kind: 'overloaded' }> {
    const result = await this.#lanes.run(organizationId, work);
    return result === LANE_FULL ? { kind: 'overloaded' } : result;
  }
}

const NOT_FRESH = 'This node could not find out in time which pictures are shown, so it erased none.';
