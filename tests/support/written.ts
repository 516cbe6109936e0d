// A connection that keeps what is written to it: for messages that are encoded once and sent to many.
import type { Client } from '../../src/realtime/client.ts';
import type { EncodedMessage } from '../../src/realtime/encoded-message.ts';

interface Written {
  readonly packet: string;
  /** The WebSocket frame of the packet. */
  readonly frame: readonly Buffer[];
}

/** Sends the message to a connection of its own, and returns what was written there. */
export function written(message: EncodedMessage): Written {
  let found: Written | undefined;
  const write = (packet: string, { wsPreEncodedFrame: frame }: { wsPreEncodedFrame: readonly Buffer[] }) => {
    found = { packet, frame };
  };
  message.sendTo({ conn: { write } } as unknown as Pick<Client, 'conn'>);
  if (!found) throw new Error('The message was not written.');
  return found;
}

/** The event and the body that a client receives. */
export function received(message: EncodedMessage): { event: string; body: unknown } {
  const [event, body] = JSON.parse(written(message).packet.slice(1));
  return { event, body };
}
