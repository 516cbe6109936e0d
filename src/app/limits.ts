// Limits: every quota, and the size of every queue, cache and buffer, on one screen. `app/` gives each to the part that
// keeps it. What remembers the recent (`RecentMap`) is sure of half of its size: beyond that, the oldest half goes at
// once. Lengths of fields, timers and batch sizes stand where they are used; what operators set is in `config.ts`. How
// many organisations, keys, invitations and teams there can be is decided by commands: see `commands/quotas.ts`.

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  /** How often something may happen: `count` times at once, and as often again in `window` seconds. */
  quotas: {
    /** Changes by one account or API key. */
    credential: { name: 'credential', count: 120, window: 60 },
    /** Changes of one organisation. */
    organization: { name: 'organization', count: 1_200, window: 60 },
    /** Messages of one socket. */
    message: { name: 'message', count: 100, window: 5 },
    /** Requests of one address to open a socket. */
    handshake: { name: 'address', count: 600, window: 60 },
    /** Requests of one socket over long polling, of each method. */
    poll: { name: 'session', count: 200, window: 10 },
    /** Pings and pongs of one WebSocket, which the protocol itself answers. Clients of Socket.IO send none. */
    controlFrame: { name: 'session', count: 100, window: 10 },
    /** What all sockets of one address send; a crowd behind it connects and joins rooms at once after a restart. */
    packet: { name: 'address', count: 2_000, window: 5 },
    /** For how many addresses, credentials, organisations or sockets each quota counts. */
    counted: 50_000,
  },

  /** Requests above its limit of which an address is told at once, and in `window` seconds. It waits for further answers. */
  refusals: { amount: 100, window: 1 },

  /**
   * What reads of one address may cost for each request that it may send in a minute (`RATE_LIMIT`): milliseconds of
   * work, and bytes of answers. The others may cost `times` as much: all addresses of an IPv4 /24 or IPv6 /48, a
   * credential, and an organisation that its members read. Pages are not counted, only paid for: a thousand readers
   * behind one address can get a page of 12 kB twelve times a minute, and ask whether it has changed as often as they
   * like.
   */
  budgets: {
    perRequest: { milliseconds: 5, bytes: 256 * KIB },
    /** Where hardly any requests are allowed, each of them must still be possible. */
    leastMilliseconds: 1_000,
    times: { network: 10, credential: 4, organization: 16 },
    window: 60,
    counted: 50_000,
  },
  /**
   * How long strangers, and all others, work in one turn of the event loop, in milliseconds; and how many pieces of work
   * of strangers, and of all others, can wait. Each of them holds a request in memory.
   */
  turns: { slice: 4, waiting: { strangers: 2_000, others: 10_000 } },

  /**
   * Connections: those of one peer where requests are limited, WebSockets aside; pipelined requests of one of them that
   * wait for the one in progress; how many of the files that the process may open are left to anything else; and how
   * many of all connections are never WebSockets, so that requests and health checks come through.
   */
  connections: { perPeer: 512, pipelined: 100, otherFiles: 256, withoutSockets: { share: 0.1, least: 64 } },
  /** Bytes of answers that clients have not read yet: of one address or IPv6 network, and of all. */
  unreadAnswers: { perAddress: 16 * MIB, total: 128 * MIB },

  /**
   * A JSON body: its size in bytes, its size where no credential is needed, and how many levels deep it is nested. The
   * longest account with every letter escaped has 3 kB.
   */
  bodies: { bytes: 64 * KIB, bytesOfAnyone: 4 * KIB, depth: 32 },
  /**
   * Pictures of pages, in bytes: the largest one, and memory for those that were read last. A page keeps its last 32. And
   * how many changes wait for the pictures of one page.
   */
  pictures: { bytes: 128 * KIB, kept: 16 * MIB, waiting: 100 },
  /** Bytes of bodies that have not arrived as a whole: of one address where requests are limited, and of all. */
  unreadBodies: { perAddress: 2 * MIB, total: 32 * MIB },
  /** Streams of events that are open at once, those of strangers, and those of one address or credential. */
  streams: { total: 1_000, strangers: 500, perPayer: 10 },
  /** Requests and messages that wait until this server has read what others have recorded. */
  freshness: { total: 4_000, strangers: 2_000, perPayer: 500 },
  /** Exports that run at once. */
  exports: { total: 8, strangers: 4, perPayer: 2 },
  /** Histograms that are counted at once: each holds a state of its organisation meanwhile. */
  histograms: { total: 8, strangers: 4, perPayer: 2 },
  /** Answers that are remembered by idempotency key, of requests that leave nothing in the log. */
  repeats: 20_000,
  /** The response cache: its size in bytes, and how many answers are compressed at once, on a thread each. */
  cache: { bytes: 64 * MIB, compressing: 2 },
  /** Lists of entities as JSON, which all answers share: for each kind of entity, in bytes. */
  lists: { bytes: 128 * MIB },

  /** Commands that wait for one stream, or for one idempotency key. */
  commands: 1_000,
  /** Commits that wait for the journal. */
  commits: 10_000,
  /**
   * Reads of the past: questions that wait, of one payer, and of all members or all strangers together; the heap of the
   * thread that answers them, in megabytes; the past states that are kept, in characters of JSON; and how many events a
   * stored snapshot must save, so that it is used in place of a kept state.
   */
  pasts: { waiting: { perPayer: 16, each: 128 }, heap: 256, states: { kept: 64 * MIB, detour: 10_000 } },

  sockets: {
    /** Open sockets of one address or IPv6 network, where requests are limited. */
    perAddress: 500,
    /** The largest message of a client, in bytes. */
    messageBytes: 64 * KIB,
    /** Updates that are kept for clients that come back: of one room at least, and of all rooms. */
    history: { perRoom: 500, total: 50_000 },
    /**
     * What a client is sent when it joins a room: the bytes of missed updates or of a snapshot, and how many bytes of
     * encoded messages are kept for the next clients, of the states of all rooms and of their updates.
     */
    catchUp: { bytes: 2 * MIB, keptStates: 64 * MIB, keptUpdates: 32 * MIB },
    /** What one client may leave unread. */
    unread: { packets: 1_000, bytes: 16 * MIB },
    /**
     * Of one client: rooms that it is in, messages that wait, those of them that join a room while the client does not
     * read, and messages over its quota before it is disconnected.
     */
    client: { rooms: 100, waiting: 200, joins: 10, refused: 100 },
  },

  identity: {
    /** Sessions that are known without asking the store, and as many that are known to have ended. */
    sessions: 20_000,
    /** API keys that are known without asking the store. */
    keys: 20_000,
    /** Ids of organisations that are remembered, in the lists of which people are members, of all people together. */
    coveredOrganizations: 1_000_000,
    /** Passwords that are hashed at once, on a thread and in 32 MB each, and those that wait for that. */
    passwords: { running: 2, waiting: 100 },
    /** Places from which an account has signed in before that are stored, of each account. */
    knownPlaces: 20,
    /** Attempts to sign in. A place is an IPv4 address or an IPv6 /64; a network is an IPv4 /24 or an IPv6 /48. */
    signIn: {
      /** How many attempts run at a time, as many as passwords are hashed, and how many of a network and of all wait. */
      line: { running: 2, waiting: { perPayer: 30, each: 200 } },
      /** From one place to one account. */
      pair: { name: 'sign-in', count: 10, window: 60 },
      /** From one place to all accounts: an office behind one address is many people. */
      place: { name: 'sign-in place', count: 60, window: 60 },
      /** From one network to all accounts. */
      network: { name: 'sign-in network', count: 300, window: 60 },
      /** From one network to one account: half of what all places have, so that the other half is left to others. */
      share: { name: 'sign-in share', count: 15, window: 3_600 },
      /** From all places to one account. */
      account: { name: 'sign-in account', count: 30, window: 3_600 },
      /** For how many pairs, places, networks or accounts each quota counts. */
      counted: 50_000,
    },
  },
} as const;
