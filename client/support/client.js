import { Store } from '../src/store.js';
import { sumsOf } from './cells.js';

/** A client without a relay: a store in the test's hand, and a record of what is watched. */
export function standIn() {
  const store = new Store({ frame: (run) => run() });
  store.late(false);
  const watched = [];
  return {
    store,
    watched,
    prefetched: [],
    state: store.node('client', 'state', () => 'connecting'),
    match: (id) => store.match(id),
    market: (id, key) => store.market(id, key),
    cell: (id, cell) => store.cell(id, cell),
    list: (select) => store.list(select),
    watch(...wanted) {
      watched.push(wanted);
      return () => watched.splice(watched.indexOf(wanted), 1);
    },
    prefetch(...wanted) {
      this.prefetched.push(wanted);
    },
    /** What a relay would have sent. */
    become(match, pos, cells) {
      return store.image({ match, pos, cells, sums: sumsOf(cells) });
    },
  };
}
