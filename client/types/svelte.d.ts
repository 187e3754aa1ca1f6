import type { Client, Node, Select, WatchOptions } from './index.js';

/** A Svelte store of a node's value; `watch` begins with the first who looks, and what it gives ends with the last. */
export function store<T>(node: Node<T>, watch?: () => () => void): { subscribe(run: (value: T) => void): () => void };

export interface Prefetch {
  client: Client;
  select: Select;
  options?: WatchOptions;
}

/** An action for a link. */
export function prefetch(element: HTMLElement, wanted: Prefetch): { update(wanted: Prefetch): void; destroy(): void };
