// Admission: which requests may open a socket, and whose socket it then is.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { Report } from '../log/report.ts';
import { type Client, INVALID_KEY } from './client.ts';
import { ConnectionLimits, type MaxConnections } from './connection-limits.ts';

export interface AdmissionParts {
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly maxConnections: MaxConnections;
  readonly report: Report;
}

export class Admission {
  readonly #parts: AdmissionParts;
  readonly #connections: ConnectionLimits;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#connections = new ConnectionLimits(parts.maxConnections);
  }

  /** For Socket.IO: which requests it refuses, and what it tells browsers of the others. */
  readonly serverOptions: Pick<ServerOptions, 'cors' | 'allowRequest'> = {
    cors: (request, decide) => {
      const { origin } = request.headers as IncomingHttpHeaders;
      const isTrusted = origin !== undefined && this.#parts.origins.trusts(origin);
      decide(null, { origin: origin ?? false, credentials: isTrusted });
    },
    allowRequest: (request, decide) => {
      const refusal = this.#refuse(request);
      decide(refusal, refusal === undefined);
    },
  };

  /** Counts a connection until it closes. */
  count(connection: Client['conn']): void {
    connection.once('close', this.#connections.opened(this.#parts.clientAddress(connection.request)));
  }

  /** Middleware of Socket.IO: finds out who a client is, and refuses one with an invalid key. */
  readonly identify = (client: Client, decide: (refusal?: Error) => void): void => {
    this.#viewerOf(client).then(
      (viewer) => {
        if (viewer) client.data.viewer = viewer;
        decide(viewer ? undefined : new Error(INVALID_KEY));
      },
      (error) => {
        this.#parts.report('it was not found out who a client is', error);
        decide(new Error('Something went wrong on our side.'));
      },
    );
  };

  /**
   * Why a request gets no connection; `undefined` where it gets one. Takes away cookies that the page of the request
   * may not use.
   */
  #refuse(request: IncomingMessage): string | undefined {
    const { origins, clientAddress } = this.#parts;
    const { origin, host } = request.headers;
    // A page of another origin must not act as the person who looks at it: its socket is anonymous.
    if (origin !== undefined && !origins.allowsCookies(origin, host)) delete request.headers.cookie;
    if (!origins.allowsHost(host)) return 'This host name is not served.';
    if (!origins.allowsSocket(origin, host)) return 'Pages of this origin may not connect.';
    return this.#connections.refuse(clientAddress(request));
  }

  /** The viewer of a handshake; `undefined` where its key is not valid, or no longer. */
  #viewerOf({ handshake, request }: Client): Promise<Viewer | undefined> {
    const { policy } = this.#parts;
    const { key } = handshake.auth;
    if (key === undefined) return policy.viewerOf(request);
    return policy.viewerOfKey(typeof key === 'string' ? key : '');
  }
}
