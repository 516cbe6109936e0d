// A client of server-sent events that records every block that it receives, until the test closes it.
import { get, type IncomingMessage } from 'node:http';

/** The lines between two blank lines. A block without a field is empty. */
export interface Block {
  readonly id?: number;
  readonly event?: string;
  readonly data?: unknown;
  readonly comment?: string;
  readonly retry?: string;
}

export class EventSource {
  /** All received blocks, in order. */
  readonly blocks: Block[] = [];
  /** Resolves when the stream ends: `complete` if the response was complete, `broken` if the connection broke. */
  readonly ended: Promise<'complete' | 'broken'>;
  readonly response: IncomingMessage;
  #rest = '';
  #wake = () => {};

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('error', () => {});
    this.ended = new Promise((resolve) => {
      response.on('close', () => {
        resolve(response.complete ? 'complete' : 'broken');
        this.#wake();
      });
    });
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => resolve(new EventSource(response))).on('error', reject);
    });
  }

  /** The received events, without comments and blocks that only have an id. */
  get events(): Block[] {
    return this.blocks.filter(({ data }) => data !== undefined);
  }

  get positions(): (number | undefined)[] {
    return this.events.map(({ id }) => id);
  }

  /** Resolves when the received blocks satisfy the condition. Rejects if the stream ends first. */
  async until(condition: (source: this) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.response.closed) throw new Error(`The stream ended after ${this.blocks.length} blocks.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  leave(): void {
    this.response.destroy();
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    this.blocks.push(...blocks.map(parseBlock));
    this.#wake();
  }
}

function parseBlock(block: string): Block {
  const fields = block.split('\n').map((line) => {
    const [, name = '', value] = /^(\w*): (.*)$/.exec(line) ?? [];
    if (name === 'id') return [name, Number(value)];
    if (name === 'data') return [name, JSON.parse(value ?? '')];
    return [name === '' ? 'comment' : name, value];
  });
  return Object.fromEntries(fields);
}
