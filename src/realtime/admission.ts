// Admission: decides which requests may open a socket, and identifies the viewer of each socket.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import { type Client, INVALID_KEY } from './client.ts';
import { ConnectionLimits, type MaxConnections } from './connection-limits.ts';

const STORAGE_FAILED = 'Accounts and keys cannot be read at the moment; try again later.';

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

  /** Options for Socket.IO: the requests that it refuses, and the CORS headers of the rest. */
  readonly serverOptions: Pick<ServerOptions, 'cors' | 'allowRequest'> = {
    cors: (request, decide) => {
      const { origin } = request.headers as IncomingHttpHeaders;
      const isTrusted = origin !== undefined && this.#parts.origins.trusts(origin);
      // Requests to Engine.IO have a parsed query and pass the limits before they are answered. Those for the script of
      // the client have none.
      const preflightContinue = '_query' in request;
      decide(null, { origin: origin ?? false, credentials: isTrusted, preflightContinue });
    },
    allowRequest: (request, decide) => {
      const refusal = this.#refuse(request);
      decide(refusal, refusal === undefined);
    },
  };

  /** Counts a connection against the limits until it closes. */
  count(connection: Client['conn']): void {
    connection.once('close', this.#connections.opened(this.#parts.clientAddress(connection.request)));
  }

  /** Socket.IO middleware: identifies the viewer of a client, and refuses a client with an invalid key. */
  readonly identify = (client: Client, decide: (refusal?: Error) => void): void => {
    this.#viewerOf(client).then(
      (viewer) => {
        if (viewer) client.data.viewer = viewer;
        decide(viewer ? undefined : new Error(INVALID_KEY));
      },
      (error) => {
        this.#parts.report('a socket client could not be identified', error);
        const isStorage = error instanceof JournalError;
        decide(new Error(isStorage ? STORAGE_FAILED : 'Something went wrong on our side.'));
      },
    );
  };

  /**
   * The reason to refuse a connection; `undefined` if it is allowed. Deletes the cookies of the request if its page may
   * not use them.
   */
  #refuse(request: IncomingMessage): string | undefined {
    const { origins, clientAddress } = this.#parts;
    const { headers } = request;
    const { origin, host } = headers;
    // A page of a foreign origin must not act as its visitor, so its socket is anonymous.
    if (origin !== undefined && !origins.allowsCookies(origin, headers)) delete headers.cookie;
    if (!origins.allowsHost(host)) return 'This host name is not served.';
    if (!origins.allowsSocket(origin, headers)) return 'Pages of this origin may not connect.';
    return this.#connections.refuse(clientAddress(request));
  }

  /** The viewer of a handshake; `undefined` if its key is invalid, expired or revoked. */
  #viewerOf({ handshake, request }: Client): Promise<Viewer | undefined> {
    const { policy } = this.#parts;
    const { key } = handshake.auth;
    if (key === undefined) return policy.viewerOf(request);
    return policy.viewerOfKey(typeof key === 'string' ? key : '');
  }
}
