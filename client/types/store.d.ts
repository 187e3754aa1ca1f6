import type { Cell, Market, Match, Node, Select } from './index.js';

export interface Image {
  match: string;
  pos: string;
  cells: Record<string, Cell>;
  sums: Record<string, string | null>;
}

export interface Patch {
  match: string;
  from: string;
  pos: string;
  set?: Record<string, Cell>;
  del?: readonly string[];
  sums: Record<string, string | null>;
}

/** What is held of all matches, without a connection: for tests, and for other ways to be told. */
export class Store {
  constructor(options?: { frame?: (run: () => void) => void; onProblem?: (problem: Error) => void });
  position(match: string): string | null;
  image(message: Image): 'applied' | 'old' | 'wrong';
  patch(message: Patch): 'applied' | 'old' | 'gap' | 'wrong';
  gone(message: { match: string; why: 'left' | 'ended' | 'moved'; to?: string }): void;
  /** While it may be late an open market counts as suspended; a store begins so. */
  late(late: boolean): void;
  behind(ids: readonly string[]): void;
  match(id: string): Node<Match | undefined>;
  market(id: string, key: string): Node<Market | undefined>;
  cell(id: string, cell: string): Node<Cell | undefined>;
  list(select: Select): Node<readonly string[]>;
  /** Where a match stands, as a node. */
  at(id: string): Node<string | null>;
}

/** Throws where nobody catches it, so that it shows. */
export function rethrow(problem: Error): void;
