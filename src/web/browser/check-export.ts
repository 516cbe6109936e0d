// Fetches an export and inspects it while it comes, in slices: the page answers its reader meanwhile.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ChainHead, Digest } from '../../../projections/chain/chain.ts';
import { exportPages } from '../../../projections/chain/export-pages.ts';
import { Inspection, type InspectionReport } from '../../../projections/chain/inspection.ts';

interface Asked {
  /** The address of the export. */
  readonly address: string;
  /** Heads that must be in it. */
  readonly heads: readonly ChainHead[];
  /** Stops the check. */
  readonly signal: AbortSignal;
  /** Called now and then with the position that is reached. */
  readonly reached: (position: number, events: number) => void;
}

/** How a check ended: by itself, or early. `wait`: in how many seconds a busy server is to be asked again. */
export type CheckEnd =
  | { readonly how: 'complete' | 'stopped' | 'broken'; readonly report: InspectionReport }
  | { readonly how: 'busy'; readonly wait: number }
  | { readonly how: 'refused' };

/** After this long a slice ends, in milliseconds: less than a frame. */
const SLICE = 12;
/** How long to wait for a busy server that does not say so, in seconds. */
const WAIT = 30;

/** Not the browser's own, which pages have over https alone, and which takes five times as long for texts as short as these. */
const digest: Digest = (text) => bytesToHex(sha256(utf8ToBytes(text)));

export async function checkExport({ address, heads, signal, reached }: Asked): Promise<CheckEnd> {
  const inspection = new Inspection(digest, { partial: true, heads });
  try {
    const response = await fetch(address, { signal, cache: 'no-store' });
    const { status, body, headers } = response;
    if (status === 429 || status === 503) return { how: 'busy', wait: Number(headers.get('Retry-After')) || WAIT };
    const isExport = headers.get('Content-Type')?.startsWith('application/x-ndjson');
    if (!response.ok || !isExport || !body) return { how: 'refused' };
    let begin = performance.now();
    for await (const page of exportPages(textOf(body))) {
      for (const line of page) {
        inspection.inspect(line);
        if (performance.now() - begin < SLICE) continue;
        const { position, events } = inspection;
        reached(position, events);
        await otherWork();
        signal.throwIfAborted();
        begin = performance.now();
      }
    }
    return { how: 'complete', report: inspection.finish() };
  } catch {
    return { how: signal.aborted ? 'stopped' : 'broken', report: inspection.soFar() };
  }
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    yield decoder.decode(read.value, { stream: true });
  }
  yield decoder.decode();
}

const { port1, port2 } = new MessageChannel();

/** Lets the browser do what waits. Timers would do too, but those of a hidden page come once a second. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
