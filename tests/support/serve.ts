// Serves rows of the route table that a test makes, under its own policy and bounds, on a free loopback port.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExpressApp, type ExpressAppOptions } from '../../src/http/express-app.ts';
import type { Route } from '../../src/http/route.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { createOriginPolicy } from '../../src/identity/origins.ts';
import { openPolicy } from '../../src/identity/policy.ts';
import { testConfig } from './start-app.ts';

export interface Served {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly server: Server;
  /** The errors that nobody foresaw, so far. */
  readonly reported: readonly string[];
  close(): Promise<void>;
}

export async function serve(routes: readonly Route[], given: Partial<ExpressAppOptions> = {}): Promise<Served> {
  const reported: string[] = [];
  const express = createExpressApp({
    routes,
    policy: openPolicy,
    origins: createOriginPolicy({ ...testConfig(), production: false }),
    clientAddress: createClientAddress(0),
    logFormat: 'none',
    newId: () => 'id',
    logId: () => '0',
    report: (message, error) => reported.push(`${message}: ${error}`),
    ...given,
  });
  const server = createServer(express).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, reported, close };
}
