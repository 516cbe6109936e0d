// A message that is encoded once and sent to many clients, which then share its bytes, also while they wait unread.
import type { Client } from './client.ts';

/** The type of a Socket.IO packet that carries an event, and of the Engine.IO packet around it. */
const EVENT = '2';
const MESSAGE = '4';
/** The first byte of a WebSocket frame that holds a whole text message. */
const TEXT_FRAME = 0x81;

export class EncodedMessage {
  /** Size in bytes of the Socket.IO packet. */
  readonly bytes: number;
  readonly #packet: string;
  #frame: readonly Buffer[] | undefined;

  /** `json` is the JSON of the body. */
  constructor(event: string, json: string) {
    this.#packet = `${EVENT}[${JSON.stringify(event)},${json}]`;
    this.bytes = Buffer.byteLength(this.#packet);
  }

  /** Sends it like `client.emit`, in order with the other messages to the client. */
  sendTo({ conn }: Pick<Client, 'conn'>): void {
    this.#frame ??= frameOf(Buffer.from(MESSAGE + this.#packet));
    // Engine.IO writes this frame as it is to a WebSocket, as in broadcasts of Socket.IO, whose types lack the option.
    // Without it, each client would hold a copy. Over long polling it takes the packet.
    const options: object = { wsPreEncodedFrame: this.#frame };
    conn.write(this.#packet, options);
  }
}

/** The header and the payload of an unmasked WebSocket frame (RFC 6455, section 5.2). */
function frameOf(payload: Buffer): readonly Buffer[] {
  const { length } = payload;
  if (length < 126) return [Buffer.from([TEXT_FRAME, length]), payload];
  const isShort = length < 2 ** 16;
  const header = Buffer.alloc(isShort ? 4 : 10);
  header[0] = TEXT_FRAME;
  header[1] = isShort ? 126 : 127;
  if (isShort) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return [header, payload];
}
