import { Held } from './held.js';
import { compare } from './position.js';
import { Node } from './node.js';
import { matches } from './select.js';

/** So many matches that left are remembered, the last ones. */
const LEFT_MAX = 1000;

/**
 * Everything that is held of all matches, normalised: matches, markets, cells. Each can be looked at and listened to by
 * itself through a {@link Node}, whose value is the same object until something of it has changed. A message is applied
 * whole or not at all; then listeners run, once per frame, or at once when a market closes.
 *
 * Knows nothing of a connection: what a message came to is told to whoever brought it.
 */
export class Store {
  /**
   * @param {object} [options]
   * @param {(run: () => void) => void} [options.frame] runs something once before the next frame
   * @param {(problem: Error) => void} [options.onProblem] hears of listeners that threw
   */
  constructor({ frame = nextFrame, onProblem = rethrow } = {}) {
    /** @type {Map<string, Held>} */
    this.held = new Map();
    /** @type {Map<string, {why: string, to?: string}>} */
    this.left = new Map();
    this.isLate = true;
    /** Matches whose own state may be old, whatever the others are. @type {Set<string>} */
    this.lagging = new Set();
    this.frame = frame;
    this.onProblem = onProblem;
    /** @type {Map<string, Node>} */
    this.nodes = new Map();
    this.dirty = new Set();
    this.framed = false;
    this.telling = false;
  }

  /** The position at which a match is held, null when it is not. @param {string} match */
  position(match) {
    return this.held.get(match)?.position ?? null;
  }

  /**
   * Replaces what is held of a match.
   *
   * @returns {'applied' | 'old' | 'wrong'} old: at or below what is held; wrong: its cells are not what their checksums say
   */
  image(message) {
    const before = this.held.get(message.match);
    if (before && compare(message.pos, before.position) < 0) {
      return 'old';
    }
    const held = before ?? new Held(message.match);
    const change = held.image(message);
    if (!change.isRight(message.sums)) {
      return 'wrong';
    }
    this.become(held, change, message.pos);
    return 'applied';
  }

  /**
   * Changes what is held of a match, from exactly where it stands.
   *
   * @returns {'applied' | 'old' | 'gap' | 'wrong'} gap: it does not begin where the match is held
   */
  patch(message) {
    const held = this.held.get(message.match);
    if (!held) {
      return 'gap';
    }
    if (message.from !== held.position) {
      return compare(message.pos, held.position) <= 0 ? 'old' : 'gap';
    }
    const change = held.patch(message);
    if (!change.isRight(message.sums)) {
      return 'wrong';
    }
    this.become(held, change, message.pos);
    return 'applied';
  }

  /** A match is not selected any more, is over, or goes on elsewhere. */
  gone({ match, why, to }) {
    this.left.delete(match);
    this.left.set(match, Object.freeze(to ? { why, to } : { why }));
    if (this.left.size > LEFT_MAX) {
      this.forget(this.left.keys().next().value);
    }
    this.touch('match', match);
    this.touchAll(match);
    this.touchLists();
    if (why === 'left') {
      this.drop(match);
      this.later();
    } else {
      this.tell();
    }
  }

  /** It left long ago. */
  forget(match) {
    this.left.delete(match);
    this.drop(match);
    this.touch('match', match);
  }

  drop(match) {
    if (this.held.delete(match)) {
      this.touchAll(match);
      this.touch('at', match);
    }
  }

  /** Is what is held current? While it may not be, an open market counts as suspended. @param {boolean} late */
  late(late) {
    if (late === this.isLate) {
      return;
    }
    this.isLate = late;
    for (const node of this.nodes.values()) {
      if (node.kind === 'market') {
        this.mark(node);
      }
    }
    if (late) {
      this.tell();
    } else {
      this.later();
    }
  }

  /** Which matches may not be current, although the rest is? Their open markets count as suspended. @param {string[]} ids */
  behind(ids) {
    const before = this.lagging;
    const now = new Set(ids);
    this.lagging = now;
    const worse = ids.filter((match) => !before.has(match));
    const better = [...before].filter((match) => !now.has(match));
    for (const match of [...worse, ...better]) {
      marketsOf(this.held.get(match)).forEach((market) => this.touch('market', `${match} ${market}`));
    }
    if (worse.length > 0) {
      this.tell();
    } else {
      this.later();
    }
  }

  /** @param {string} match */
  match(match) {
    return this.node('match', match, () => this.viewOfMatch(match));
  }

  /** @param {string} match @param {string} market its key, as `h2h` or `totals:3.5` */
  market(match, market) {
    return this.node('market', `${match} ${market}`, () => this.viewOfMarket(match, market));
  }

  /** @param {string} match @param {string} cell `group/field`, as `h2h/home` */
  cell(match, cell) {
    return this.node('cell', `${match} ${cell}`, () => this.held.get(match)?.cell(cell));
  }

  /** Where a match stands, as a node. @param {string} match */
  at(match) {
    return this.node('at', match, () => this.position(match));
  }

  /** The ids of the held matches that a selection names, in the order of their start. */
  list(select) {
    return this.node('list', JSON.stringify(select), (before) => this.viewOfList(select, before));
  }

  become(held, change, position) {
    const differences = change.differences();
    const urgent = !this.isLate && change.closes();
    const isNew = held.position === null;
    const markets = marketsOf(held).join();
    // The position first: whatever a listener does now, this message is behind us.
    held.become(change, position);
    this.held.set(held.match, held);
    this.touch('at', held.match);
    if (this.left.delete(held.match)) {
      this.touchAll(held.match);
    }
    for (const [group, fields] of differences) {
      for (const field of fields) {
        this.touch('cell', `${held.match} ${group}/${field}`);
      }
      if (group === 'match' || group === 'incidents') {
        this.touch('match', held.match);
      } else {
        this.touch('market', `${held.match} ${group}`);
      }
    }
    if (isNew || marketsOf(held).join() !== markets) {
      this.touch('match', held.match);
    }
    if (isNew || differences.has('match')) {
      this.touchLists();
    }
    if (urgent) {
      this.tell();
    } else {
      this.later();
    }
  }

  viewOfMatch(match) {
    const held = this.held.get(match);
    const left = this.left.get(match);
    if (!held && !left) {
      return undefined;
    }
    return Object.freeze({
      id: match,
      ...Object.fromEntries(held?.groups.get('match')?.cells ?? []),
      markets: Object.freeze(marketsOf(held)),
      incidents: Object.freeze([...(held?.groups.get('incidents')?.cells.values() ?? [])]),
      gone: left ?? null,
    });
  }

  viewOfMarket(match, key) {
    const cells = this.held.get(match)?.groups.get(key)?.cells;
    if (!cells) {
      return undefined;
    }
    const reasons = String(cells.get('@reasons') ?? '').split(',').filter(Boolean);
    const open = cells.get('@status') === 'open' && !this.left.has(match);
    const late = this.isLate || this.lagging.has(match);
    const prices = {};
    for (const [field, value] of cells) {
      if (!field.startsWith('@')) {
        prices[field] = value;
      }
    }
    return Object.freeze({
      match,
      key,
      status: open && !late ? 'open' : 'suspended',
      reasons: Object.freeze(late ? [...reasons, 'late'] : reasons),
      line: cells.get('@line'),
      epoch: cells.get('@epoch'),
      prices: Object.freeze(prices),
    });
  }

  viewOfList(select, before) {
    const found = [];
    for (const held of this.held.values()) {
      const fields = held.groups.get('match')?.cells;
      if (fields && !this.left.has(held.match) && matches(select, held.match, fields)) {
        found.push([Number(fields.get('start') ?? Infinity), held.match]);
      }
    }
    found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    const ids = found.map(([, id]) => id);
    const same = before && before.length === ids.length && ids.every((id, i) => id === before[i]);
    return same ? before : Object.freeze(ids);
  }

  node(kind, key, read) {
    const name = `${kind} ${key}`;
    let node = this.nodes.get(name);
    if (!node) {
      node = new Node(kind, read);
      this.nodes.set(name, node);
    }
    return node;
  }

  /** What a node says has changed for another reason than a match. @param {Node} node */
  refresh(node) {
    this.mark(node);
    this.later();
  }

  touch(kind, key) {
    const node = this.nodes.get(`${kind} ${key}`);
    if (node) {
      this.mark(node);
    }
  }

  touchAll(match) {
    for (const [name, node] of this.nodes) {
      if (name.startsWith(`market ${match} `) || name.startsWith(`cell ${match} `)) {
        this.mark(node);
      }
    }
  }

  touchLists() {
    for (const node of this.nodes.values()) {
      if (node.kind === 'list') {
        this.mark(node);
      }
    }
  }

  mark(node) {
    node.isStale = true;
    if (node.listeners.size > 0) {
      this.dirty.add(node);
    }
  }

  later() {
    if (this.dirty.size > 0 && !this.framed) {
      this.framed = true;
      this.frame(() => {
        this.framed = false;
        this.tell();
      });
    }
  }

  /** Listeners run now. What one of them causes is told in the same go, but never from inside it. */
  tell() {
    if (this.telling) {
      return;
    }
    this.telling = true;
    try {
      while (this.dirty.size > 0) {
        const nodes = [...this.dirty];
        this.dirty.clear();
        for (const node of nodes) {
          node.tell(this.onProblem);
        }
      }
    } finally {
      this.telling = false;
    }
  }
}

/** @param {Held | undefined} held */
function marketsOf(held) {
  if (!held) {
    return [];
  }
  return [...held.groups.keys()].filter((group) => group !== 'match' && group !== 'incidents').sort();
}

/** Before the next frame, or soon where there are none: in a hidden tab, or outside a browser. */
function nextFrame(run) {
  if (typeof requestAnimationFrame === 'function' && globalThis.document?.visibilityState === 'visible') {
    requestAnimationFrame(run);
  } else {
    setTimeout(run, 16);
  }
}

/** Nobody's to handle: it shows as what nobody caught. */
export function rethrow(problem) {
  queueMicrotask(() => {
    throw problem;
  });
}
