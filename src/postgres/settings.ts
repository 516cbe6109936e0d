// The settings of the server that decide whether it keeps what it acknowledges.
import { JournalError } from '../log/journal.ts';
import type { Query } from './transaction.ts';

interface Settings {
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly encoding: string;
  readonly readOnly: string;
}

const SETTINGS = `select current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
  current_setting('server_encoding') as encoding, current_setting('transaction_read_only') as "readOnly"`;

/** Refuses, with a `JournalError`, a server that takes no writes, or that would lose or change them. */
export async function checkSettings(query: Query, { allowUnsafe }: { readonly allowUnsafe: boolean }): Promise<void> {
  const [settings] = await query<Settings>(SETTINGS);
  if (settings?.readOnly !== 'off') throw new JournalError('away', 'PostgreSQL is read-only.');
  if (settings.encoding !== 'UTF8') {
    throw new JournalError('failed', `The database has the encoding ${settings.encoding}: create one with UTF8.`);
  }
  const unsafe = unsafeSetting(settings);
  if (unsafe === undefined || allowUnsafe) return;
  throw new JournalError(
    'failed',
    `PostgreSQL has ${unsafe}=off, so a power cut can lose or damage what it acknowledged: set it to on, or set ` +
      'ALLOW_UNSAFE_DATABASE=true if that does not matter.',
  );
}

function unsafeSetting({ fsync, fullPageWrites }: Settings): string | undefined {
  if (fsync !== 'on') return 'fsync';
  return fullPageWrites === 'on' ? undefined : 'full_page_writes';
}
