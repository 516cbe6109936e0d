// Hashes and verifies passwords (scrypt, PHC strings). A hash is expensive on purpose, so few are computed at a time.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** The cost of one hash: `2 ** logN` rounds of `128 * r` bytes each, `p` times. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const COST: ScryptCost = { logN: 14, r: 16, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** How many hashes are computed at a time, and how many calls can wait for that. */
export interface PasswordLimits {
  readonly running: number;
  readonly waiting: number;
}

/** Too many calls wait for a hash. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

export type Verified = 'wrong' | 'right' | 'outdated';

export class Passwords {
  readonly #limits: PasswordLimits;
  readonly #cost: ScryptCost;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Compared with a password where there is no account: a random hash, which takes as long and which no password has. */
  readonly #dummy: string;

  constructor(limits: PasswordLimits, cost: ScryptCost = COST) {
    this.#limits = limits;
    this.#cost = cost;
    this.#dummy = phcString(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  /** Resolves with a PHC string. Rejects with `PasswordsBusy`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return phcString(this.#cost, salt, await this.#derive(password, salt, this.#cost));
  }

  /**
   * Compares a password with a stored hash. `outdated`: it matches, but the hash has another cost than new ones. Pass
   * `undefined` if there is no account: it takes as long and gives `wrong`. Rejects with `PasswordsBusy`.
   */
  async verify(phc: string | undefined, password: string): Promise<Verified> {
    const { cost, salt, hash } = parse(phc ?? this.#dummy);
    const isRight = timingSafeEqual(await this.#derive(password, salt, cost), hash);
    if (!isRight || phc === undefined) return 'wrong';
    return isSame(cost, this.#cost) ? 'right' : 'outdated';
  }

  async #derive(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
    const { running, waiting } = this.#limits;
    if (this.#running >= running && this.#waiting.length >= waiting) throw new PasswordsBusy('Too many wait.');
    if (this.#running >= running) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      const N = 2 ** logN;
      const maxmem = 2 * 128 * r * (N + p + 2);
      return await derive(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem });
    } finally {
      // The next waiting call takes over the slot.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

function phcString({ logN, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([\w+/]+)\$([\w+/]+)$/;

function parse(phc: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const [, logN, r, p, salt, hash] = PHC.exec(phc) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('A stored password is no PHC string of scrypt.');
  return {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function isSame(a: ScryptCost, b: ScryptCost): boolean {
  return a.logN === b.logN && a.r === b.r && a.p === b.p;
}

/** Base64 without padding, as in PHC strings. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
