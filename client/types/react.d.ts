import type { FunctionComponent, ReactNode } from 'react';
import type { Cell, Client, Market, Match, Node, Select, WatchOptions } from './index.js';

/** Gives a client to everything below it. */
export const TouchlineProvider: FunctionComponent<{ client: Client; children?: ReactNode }>;
/** The client that a provider gave. */
export function useClient(): Client;
/** What a node says now. */
export function useNode<T>(node: Node<T>): T;
/** Watches for as long as the component is there; null watches nothing. */
export function useWatch(select: Select | null | undefined, options?: WatchOptions): void;
export function useList(select: Select): readonly string[];
export function useMatch(id: string): Match | undefined;
export function useMarket(id: string, key: string): Market | undefined;
export function useCell(id: string, cell: string): Cell | undefined;
/** Handlers for a link, by spreading. */
export function usePrefetch(select: Select, options?: WatchOptions): { onPointerEnter: () => void; onFocus: () => void };
