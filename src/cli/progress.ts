// Shows the progress of a long operation in one line that is overwritten, on terminals only.

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The shortest time between two changes of the line, in milliseconds. */
const EVERY = 100;
/** Carriage return, and clear to the end of the line. */
const CLEAR = '\r\u001b[K';

export class Progress {
  readonly #terminal: Terminal;
  #next = 0;
  #isShown = false;

  /** Shows nothing unless the stream is a terminal. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows how many items are done, and the total if it is known. */
  show(doing: string, done: number, total?: number): void {
    if (!this.#terminal.isTTY || performance.now() < this.#next) return;
    this.#next = performance.now() + EVERY;
    this.#isShown = true;
    const share = total ? ` ${bar(done / total)} of ${total}` : '';
    this.#terminal.write(`${CLEAR}${doing}: ${done}${share}`);
  }

  /** Removes the line. Call it before something else is printed. */
  clear(): void {
    if (this.#isShown) this.#terminal.write(CLEAR);
    this.#isShown = false;
    this.#next = 0;
  }
}

/** Passes the pages of a verification on, and shows how many items were verified. */
export async function* shown<T>(
  pages: AsyncIterable<readonly T[]>,
  progress: Progress,
  total?: number,
): AsyncGenerator<readonly T[]> {
  let items = 0;
  for await (const page of pages) {
    yield page;
    items += page.length;
    progress.show('Verifying', items, total);
  }
  progress.clear();
}

const WIDTH = 24;

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * WIDTH);
  return `[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}]`;
}
