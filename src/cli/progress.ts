// How far something is that takes long, as one line that is written over; nothing where nobody looks.

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How often the line changes, in milliseconds. */
const EVERY = 100;
/** Carriage return, and clear to the end of the line. */
const CLEAR = '\r\u001b[K';

export class Progress {
  readonly #terminal: Terminal;
  #next = 0;
  #isShown = false;

  /** Writes to what is a terminal, and to nothing else. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** So many of what there is, if that is known, are done. */
  show(doing: string, done: number, total?: number): void {
    if (!this.#terminal.isTTY || performance.now() < this.#next) return;
    this.#next = performance.now() + EVERY;
    this.#isShown = true;
    const share = total ? ` ${bar(done / total)} of ${total}` : '';
    this.#terminal.write(`${CLEAR}${doing}: ${done}${share}`);
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (this.#isShown) this.#terminal.write(CLEAR);
    this.#isShown = false;
    this.#next = 0;
  }
}

const WIDTH = 24;

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * WIDTH);
  return `[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}]`;
}
