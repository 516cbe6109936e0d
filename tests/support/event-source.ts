// A client of server-sent events that writes down every block it is sent, and leaves when told.
import { get, type IncomingMessage } from 'node:http';

/** What stands between two blank lines. A comment has no members. */
export interface Block {
  readonly id?: number;
  readonly event?: string;
  readonly data?: unknown;
  readonly comment?: string;
  readonly retry?: string;
}

export class EventSource {
  /** Everything it was sent, in order. */
  readonly blocks: Block[] = [];
  /** Resolves with how the stream ended: as a complete answer, or in the middle. */
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

  /** The events, without comments and bare ids. */
  get events(): Block[] {
    return this.blocks.filter(({ data }) => data !== undefined);
  }

  get positions(): (number | undefined)[] {
    return this.events.map(({ id }) => id);
  }

  /** Resolves when what it was sent fulfils the condition. Rejects where the stream ends before. */
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
