// Where the data of a server under attack is.
import type { StoredEvent } from '../../src/log/journal.ts';
import type { ServerProcess } from './server-process.ts';

export interface Place {
  /** The data directory of the server. */
  readonly directory: string;
  /** Settings of the server, if it does not use that directory. */
  readonly environment?: Readonly<Record<string, string>>;
  /** All stored events, read without asking the server. */
  read(): Promise<readonly StoredEvent[]>;
  /** Strikes immediately, and leaves the place as a restarted machine would find it. */
  strike(server: ServerProcess): Promise<void>;
  dispose(): void | Promise<void>;
}
