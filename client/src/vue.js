import { inject, onScopeDispose, shallowReadonly, shallowRef, toValue, watch } from 'vue';

const KEY = Symbol('touchline');
const isServer = typeof document === 'undefined';

/** A plugin: `app.use(touchline, client)` gives the client to all components. */
export const touchline = {
  install(app, client) {
    app.provide(KEY, client);
  },
};

/** The client that the plugin gave. */
export function useClient() {
  const client = inject(KEY, null);
  if (!client) {
    throw new Error('no client: app.use(touchline, createClient(...)) first');
  }
  return client;
}

/** What a node says, as a ref; the node may be one, or what gives one and may change. */
export function useNode(node) {
  const value = shallowRef(toValue(node).get());
  if (!isServer) {
    follow(node, (now) => {
      value.value = now.get();
      return now.subscribe((next) => (value.value = next));
    });
  }
  return shallowReadonly(value);
}

/** Watches for as long as the scope lives; the selection may be one, or what gives one and may change. */
export function useWatch(select, options) {
  const client = useClient();
  if (!isServer) {
    const wanted = () => JSON.stringify([toValue(select), toValue(options)]);
    follow(wanted, (name) => {
      const [now, how] = JSON.parse(name);
      return now ? client.watch(now, how ?? undefined) : () => {};
    });
  }
}

/** The ids of the held matches that a selection names, in the order of their start. Looks; does not watch. */
export function useList(select) {
  const client = useClient();
  return useNode(() => client.list(toValue(select)));
}

/** A match, undefined while it is not held. Looks; does not watch. */
export function useMatch(id) {
  const client = useClient();
  return useNode(() => client.match(toValue(id)));
}

/** A market of a match, undefined while it is not held. Looks; does not watch. */
export function useMarket(id, key) {
  const client = useClient();
  return useNode(() => client.market(toValue(id), toValue(key)));
}

/** A single cell, as `h2h/home`. Looks; does not watch. */
export function useCell(id, cell) {
  const client = useClient();
  return useNode(() => client.cell(toValue(id), toValue(cell)));
}

/** Begins with what there is, begins anew whenever that is another, and ends with the scope. */
function follow(what, begin) {
  let end = () => {};
  const stop = watch(
    () => toValue(what),
    (now) => {
      const before = end;
      // The new one first: what both want does not go in between.
      end = begin(now);
      before();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    stop();
    end();
  });
}
