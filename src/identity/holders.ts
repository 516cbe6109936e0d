// Open connections (sockets, streams) by credential: closes them when their session or key is revoked or expires.
import type { Observable } from 'rxjs';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Revocation } from './identity-store.ts';

interface Holder {
  readonly viewer: Viewer;
  readonly end: () => void;
}

export class Holders {
  readonly #byCredential = new Map<string, Set<Holder>>();

  constructor(revoked$: Observable<Revocation>) {
    revoked$.subscribe(({ kind, id }) => this.#end(`${kind} ${id}`));
  }

  /**
   * Calls `end` when the viewer's credential is revoked or expires, or at once if it already has. Returns an
   * unsubscribe function.
   */
  add(viewer: Viewer, end: () => void): () => void {
    const credential = credentialOf(viewer);
    if (credential === undefined) return () => {};
    if (viewer.ended) {
      end();
      return () => {};
    }
    const holder: Holder = { viewer, end };
    const others = this.#byCredential.get(credential) ?? new Set();
    this.#byCredential.set(credential, others.add(holder));
    return () => {
      others.delete(holder);
      if (others.size === 0 && this.#byCredential.get(credential) === others) this.#byCredential.delete(credential);
    };
  }

  /** Closes connections whose credential has expired: expiry, unlike revocation, sends no event. */
  endExpired(): void {
    for (const [credential, [holder]] of this.#byCredential) if (holder?.viewer.ended) this.#end(credential);
  }

  /** Closes every connection that was opened with a session or key. */
  endAll(): void {
    for (const credential of [...this.#byCredential.keys()]) this.#end(credential);
  }

  #end(credential: string): void {
    const holders = this.#byCredential.get(credential) ?? [];
    this.#byCredential.delete(credential);
    for (const { end } of holders) end();
  }
}

/** The credential in the form of a revocation. When a user is erased, their sessions are revoked one by one. */
function credentialOf({ actor, sessionId }: Viewer): string | undefined {
  if (sessionId !== undefined) return `session ${sessionId}`;
  return actor.kind === 'key' ? `key ${actor.id}` : undefined;
}
