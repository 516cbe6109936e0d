// Limits: every quota, and every size of a queue, cache or buffer, on one screen. `app.ts` gives each to the part that keeps it.
// Lengths of fields, timers and batch sizes stay where they are used.

export const LIMITS = {
  /** How often something may happen; `count` at once, and as many again in `window` seconds. */
  quotas: {
    /** Changes by one account or API key. */
    credential: { name: 'credential', count: 120, window: 60 },
    /** Changes of one organisation. */
    organization: { name: 'organization', count: 1_200, window: 60 },
    /** Messages of one socket: a hundred at once, twenty a second. */
    message: { name: 'message', count: 100, window: 5 },
  },
  /** Open sockets of one address, where requests are limited. */
  socketsPerAddress: 500,
  /** Commits that wait for the journal. */
  waitingCommits: 10_000,
} as const;
