import { createContext, createElement, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';

const Context = createContext(null);
const NOTHING = Object.freeze([]);

/** Gives a client to everything below it. */
export function TouchlineProvider({ client, children }) {
  return createElement(Context.Provider, { value: client }, children);
}

/** The client that a provider gave. */
export function useClient() {
  const client = useContext(Context);
  if (!client) {
    throw new Error('no client: put a <TouchlineProvider client={createClient(...)}> around this');
  }
  return client;
}

/** What a node says now; renders again when that changes, and only then. */
export function useNode(node) {
  return useSyncExternalStore(node.subscribe, node.get, () => onServer(node));
}

/** On a server nothing is held; the first render in a browser must say the same. */
function onServer(node) {
  return node.kind === 'list' ? NOTHING : node.kind === 'client' ? node.get() : undefined;
}

/** Watches for as long as the component is there. What is no selection watches nothing. */
export function useWatch(select, options) {
  const client = useClient();
  const name = JSON.stringify([select, options]);
  useEffect(() => {
    const [wanted, how] = JSON.parse(name);
    return wanted ? client.watch(wanted, how ?? undefined) : undefined;
  }, [client, name]);
}

/** The ids of the held matches that a selection names, in the order of their start. Looks; does not watch. */
export function useList(select) {
  return useNode(useClient().list(select));
}

/** A match, undefined while it is not held. Looks; does not watch. */
export function useMatch(id) {
  return useNode(useClient().match(id));
}

/** A market of a match, undefined while it is not held. Looks; does not watch. */
export function useMarket(id, key) {
  return useNode(useClient().market(id, key));
}

/** A single cell, as `h2h/home`. Looks; does not watch. */
export function useCell(id, cell) {
  return useNode(useClient().cell(id, cell));
}

/** Handlers for a link: whoever points at it, or comes to it by keyboard, finds its page filled. */
export function usePrefetch(select, options) {
  const client = useClient();
  const name = JSON.stringify([select, options]);
  return useMemo(() => {
    const prefetch = () => {
      const [wanted, how] = JSON.parse(name);
      client.prefetch(wanted, how ?? undefined);
    };
    return { onPointerEnter: prefetch, onFocus: prefetch };
  }, [client, name]);
}
