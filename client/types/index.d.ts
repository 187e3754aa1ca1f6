/** One of these, and nothing else. */
export type Select =
  | { match: readonly string[] }
  | { phase: 'live' | 'upcoming' }
  | { sport: string }
  | { league: string }
  | { all: true };

export interface WatchOptions {
  /** The markets to be sent, as `h2h`, `totals`, `totals:3.5`; `totals` stands for all lines of it. All markets when left out. */
  markets?: readonly string[];
  /** At most one patch of a match in so many ms; a market that closes does not wait. */
  rate?: number;
}

/**
 * Something that can be looked at and listened to. `get()` gives the same value, by identity, until something of it has
 * changed; what it gives is frozen.
 */
export interface Node<T> {
  get(): T;
  /** Hears of every change from now on, once per frame. @returns ends it; more than once does no harm */
  subscribe(listen: (value: T) => void): () => void;
}

/** A cell: prices and lines are numbers, what is said in words is a string. */
export type Cell = string | number;

export interface Match {
  readonly id: string;
  readonly home?: string;
  readonly away?: string;
  readonly league?: string;
  readonly sport?: string;
  readonly phase?: 'upcoming' | 'live' | 'ended';
  readonly period?: string;
  /** When it starts, ms since 1970. */
  readonly start?: number;
  readonly home_score?: number;
  readonly away_score?: number;
  /** Where the clock stood (s), when that was (ms since 1970), and does it run (1) or not (0). */
  readonly clock_seconds?: number;
  readonly clock_at?: number;
  readonly clock_running?: number;
  /** Do the match's sources speak? */
  readonly feed?: 'up' | 'stale';
  /** The keys of the markets that are held. */
  readonly markets: readonly string[];
  readonly incidents: readonly Cell[];
  /** Why it is no longer followed, and under which id it goes on; null while it is followed. */
  readonly gone: { readonly why: 'left' | 'ended' | 'moved'; readonly to?: string } | null;
  /** Every other cell of the match. */
  readonly [field: string]: unknown;
}

export interface Market {
  readonly match: string;
  readonly key: string;
  /** Open only while the price is known to be current: a market that may be late counts as suspended, with the reason `late`. */
  readonly status: 'open' | 'suspended';
  readonly reasons: readonly string[];
  readonly line: number | undefined;
  /** Another one means that the market was not open all the time in between. */
  readonly epoch: number | undefined;
  readonly prices: Readonly<Record<string, number>>;
}

/**
 * connecting: no link. syncing: what is watched has not all been sent. live: all that is watched is current. stale: nobody
 * vouches for it now. resyncing: something did not fit and was asked for again. closed: for good.
 */
export type State = 'connecting' | 'syncing' | 'live' | 'stale' | 'resyncing' | 'closed';

export type Transport = 'websocket' | 'sse';

export interface Health {
  /** Do the sources of what is watched speak? null before anybody has said. */
  readonly feed: 'up' | 'stale' | 'down' | null;
  /** The pipeline behind the relay is late. */
  readonly late: boolean;
  readonly lagMs: number | null;
  readonly transport: Transport | null;
}

export interface Figures {
  /** Characters of messages that came, before compression. */
  readonly bytes: number;
  readonly patches: number;
  readonly patchesPerSecond: number;
  readonly matches: number;
  /** How old what is held may be; null before anybody has vouched for it. */
  readonly ageMs: number | null;
}

export interface Problem extends Error {
  /** The relay's code where it refused something, see CODES. */
  code?: number;
  /** The selection that was refused, where it was only that. */
  select?: Select;
}

export interface ClientOptions {
  /** The relay's stream, relative to the page, or ws(s):// or http(s)://. `/v1/stream` when left out. */
  url?: string;
  /** A token for this relay; asked for at every dial, and for a newer one before a JWT ends. */
  getToken?: () => string | undefined | Promise<string | undefined>;
  /** In the order in which they are tried. */
  transports?: readonly Transport[];
  /** How long what was watched is followed after its last release, ms; 30,000 when left out. */
  linger?: number;
  /** Hears of what was refused, did not fit, or threw; it is all mended or shown as a state already. */
  onProblem?: (problem: Problem) => void;
  /** Where there is none, as on Node before 22. */
  WebSocket?: unknown;
  fetch?: typeof fetch;
}

export interface Client {
  readonly state: Node<State>;
  readonly health: Node<Health>;
  /** Told at most once a second. */
  readonly figures: Node<Figures>;
  /** A match, undefined while it is not held. */
  match(id: string): Node<Match | undefined>;
  market(id: string, key: string): Node<Market | undefined>;
  /** A single cell, as `h2h/home`. */
  cell(id: string, cell: string): Node<Cell | undefined>;
  /** The ids of the held matches that a selection names, in the order of their start. */
  list(select: Select): Node<readonly string[]>;
  /** Where a match stands, null while it is not held: another position is another state. */
  position(id: string): Node<string | null>;
  /** Has it sent, and followed until it is released. Counted: the same watch twice is one subscription. @returns releases it */
  watch(select: Select, options?: WatchOptions): () => void;
  /** A watch that releases itself. */
  prefetch(select: Select, options?: WatchOptions): void;
  close(): void;
}

/** Dials at the first `watch`. */
export function createClient(options?: ClientOptions): Client;

/** What a relay closes a connection with, or refuses a subscription with. */
export const CODES: Readonly<Record<number, Readonly<{ name: string; reconnect: boolean }>>>;
