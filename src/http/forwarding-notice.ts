// Notices `X-Forwarded-For` where no proxy is trusted: perhaps the server is behind a proxy that nobody has named.
import type { ClientAddress } from '../identity/client-address.ts';

/** Neither an address nor a header appears here: anyone may read `/health`. */
const NOTICE =
  'A request carried X-Forwarded-For, which is ignored because TRUST_PROXY is 0. If this server is behind a proxy, ' +
  'all readers behind that proxy count as one: set TRUST_PROXY to the network of the proxy. If it is not, a client has ' +
  'sent the header by itself, and nothing needs to be done.';

export class ForwardingNotice {
  readonly #log: (notice: string) => void;
  #isGiven = false;

  /** `log` is called once, with the notice. */
  constructor(log: (notice: string) => void) {
    this.#log = log;
  }

  /** The notice, if there was such a request. */
  get notices(): readonly string[] {
    return this.#isGiven ? [NOTICE] : [];
  }

  /** Returns the same addresses as `clientAddress`, and looks at the headers. */
  watching(clientAddress: ClientAddress): ClientAddress {
    return (request) => {
      if (request.headers['x-forwarded-for'] !== undefined && !this.#isGiven) {
        this.#isGiven = true;
        this.#log(NOTICE);
      }
      return clientAddress(request);
    };
  }
}
