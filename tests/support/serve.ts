// Serves routes that a test defines, with its own policy and limits, on a free loopback port.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Places } from '../../src/bounds/places.ts';
import { Turns } from '../../src/bounds/turns.ts';
import { createAccessLog } from '../../src/http/access-log.ts';
import { ResponseCache } from '../../src/http/cache/response-cache.ts';
import { createExpressApp, type ExpressAppOptions } from '../../src/http/express-app.ts';
import { Freshness } from '../../src/http/freshness/freshness.ts';
import type { ServedLog } from '../../src/http/freshness/served-log.ts';
import { Payers } from '../../src/http/payers.ts';
import { Repeats } from '../../src/http/repeats.ts';
import type { Route } from '../../src/http/route.ts';
import { Streams, type StreamTerms } from '../../src/http/streams.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { createOriginPolicy } from '../../src/identity/origins.ts';
import { openPolicy } from '../../src/identity/policy.ts';
import { testConfig } from './start-app.ts';

export interface Served {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly server: Server;
  /** The unexpected errors that the server has reported so far. */
  readonly reported: readonly string[];
  /** The response cache; `undefined` without `isCaching`. */
  readonly cache: ResponseCache | undefined;
  /** How many requests have reached Express. */
  passed(): number;
  close(): Promise<void>;
}

interface Given extends Partial<Omit<ExpressAppOptions, 'streams' | 'freshness'>> {
  readonly streams?: Partial<StreamTerms>;
  /** The log that the routes read. Default: an empty one. */
  readonly log?: ServedLog;
  /** How many requests can wait for what others have recorded. */
  readonly waiting?: number;
  /** Whether there is a response cache in front of Express. */
  readonly isCaching?: boolean;
}

/** Places for this many streams and as many exports, whoever opens them. */
export function places(total: number): StreamTerms['places'] {
  return { live: allOf(total), finite: allOf(total) };
}

function allOf(total: number): Places {
  return new Places({ total, strangers: total, perPayer: total }, false);
}

/** A log at this position, which no other server writes to. */
export function logAt(position: () => number, id = '0'): ServedLog {
  return {
    id,
    get position() {
      return position();
    },
    staleSince: undefined,
    freshen: async () => true,
  };
}

export async function serve(
  routes: readonly Route[],
  { log = logAt(() => 0), waiting = 100, isCaching = false, streams, ...given }: Given = {},
): Promise<Served> {
  const reported: string[] = [];
  const clientAddress = createClientAddress(0);
  const options = {
    routes,
    policy: openPolicy,
    origins: createOriginPolicy({ ...testConfig(), production: false }),
    clientAddress,
    accessLog: createAccessLog('none', clientAddress, process.stdout),
    newId: () => 'id',
    log,
    freshness: new Freshness(log, allOf(waiting)),
    bodies: { bytes: 64 * 1024, bytesOfAnyone: 4 * 1024, depth: 32 },
    payers: new Payers(clientAddress, undefined),
    turns: new Turns({ slice: 4, waiting: { strangers: 1_000, others: 1_000 } }),
    streams: new Streams({ places: places(100), closing: new AbortController().signal, ...streams }),
    repeats: new Repeats(100),
    now: () => new Date(),
    report: (message: string, error: unknown) => reported.push(`${message}: ${error}`),
    ...given,
  };
  const cacheLimits = { bytes: 64 * 1024 * 1024, compressing: 2 };
  const cache = isCaching ? new ResponseCache({ ...options, cacheLimits }) : undefined;
  const express = createExpressApp({ ...options, cache });
  let passed = 0;
  const counting: RequestListener = (request, response) => {
    passed += 1;
    express(request, response);
  };
  const server = createServer(cache?.inFrontOf(counting) ?? counting).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, server, reported, cache, passed: () => passed, close };
}
