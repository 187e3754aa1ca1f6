import type { MaybeRefOrGetter, Plugin, ShallowRef } from 'vue';
import type { Cell, Client, Market, Match, Node, Select, WatchOptions } from './index.js';

/** `app.use(touchline, client)` */
export const touchline: Plugin<[Client]>;
/** The client that the plugin gave. */
export function useClient(): Client;
/** What a node says, as a ref. */
export function useNode<T>(node: MaybeRefOrGetter<Node<T>>): Readonly<ShallowRef<T>>;
/** Watches for as long as the scope lives; null watches nothing. */
export function useWatch(select: MaybeRefOrGetter<Select | null | undefined>, options?: MaybeRefOrGetter<WatchOptions | undefined>): void;
export function useList(select: MaybeRefOrGetter<Select>): Readonly<ShallowRef<readonly string[]>>;
export function useMatch(id: MaybeRefOrGetter<string>): Readonly<ShallowRef<Match | undefined>>;
export function useMarket(id: MaybeRefOrGetter<string>, key: MaybeRefOrGetter<string>): Readonly<ShallowRef<Market | undefined>>;
export function useCell(id: MaybeRefOrGetter<string>, cell: MaybeRefOrGetter<string>): Readonly<ShallowRef<Cell | undefined>>;
