// How many connections there can be, and how many of them can be sockets. Each is a file that the process has open.
import { LIMITS } from './limits.ts';

export interface ConnectionTotals {
  /** Sockets included. `undefined`: no limit. */
  readonly all: number | undefined;
  readonly sockets: number;
}

/** `maxSockets`: how many the operator allows. `openFiles`: how many files the process may have open, if that is known. */
export function connectionTotals(maxSockets: number, openFiles: number | undefined): ConnectionTotals {
  if (!openFiles) return { all: undefined, sockets: maxSockets };
  const { otherFiles, withoutSockets } = LIMITS.connections;
  // Where very few files may be open, half of them are for connections, and half of these for sockets.
  const all = Math.max(openFiles - otherFiles, Math.floor(openFiles / 2));
  const kept = Math.max(Math.ceil(all * withoutSockets.share), withoutSockets.least);
  return { all, sockets: Math.min(maxSockets, Math.max(all - kept, Math.floor(all / 2))) };
}
