/**
 * The markets under which each match is held for sure; undefined is all. Never more than the relay really sent it under: to
 * claim less costs an image at the next reconnect, to claim more would leave a market standing while it moves. A match that
 * is to be sent under other columns comes as an image, so that a patch never changes them.
 */
export class Columns {
  /** @param {import('./subscription.js').Subscriptions} subscriptions */
  constructor(subscriptions) {
    this.subscriptions = subscriptions;
    /** @type {Map<string, string[] | undefined>} */
    this.held = new Map();
    /** Matches of which this link has spoken: what is sent of them from here on begins at what the link itself has sent. */
    this.spoken = new Set();
    /** Matches that the link has sent as they were before where they are held: it takes them to be held so. */
    this.passed = new Set();
  }

  opened() {
    this.spoken.clear();
    this.passed.clear();
  }

  image(match) {
    this.spoken.add(match);
    this.passed.delete(match);
    this.held.set(match, this.subscriptions.sure(match));
  }

  patch(match) {
    this.spoken.add(match);
  }

  /** All subscriptions are in force: a match that had not all of their columns before has been sent anew. */
  settle(isDoubtful) {
    for (const match of this.spoken) {
      if (!isDoubtful(match)) {
        this.held.set(match, this.subscriptions.sure(match));
      }
    }
  }

  /**
   * Under what a match is claimed. A market that was sent for a subscription which never came to be in force, or was let go on
   * the way, is claimed by its own name: else a relay that is asked for the others only takes it all to be as it should, and
   * that market would stand for ever.
   *
   * @param {string} match @param {Iterable<string>} groups that are held of it
   */
  claim(match, groups) {
    const sure = this.held.get(match);
    const isSure = (group) => group === 'match' || group === 'incidents' || sure.includes(group) || sure.includes(group.split(':')[0]);
    return sure && union([sure, [...groups].filter((group) => !isSure(group))]);
  }

  gone(match) {
    this.spoken.delete(match);
    this.passed.delete(match);
    this.held.delete(match);
  }
}

/** The markets that are wanted together. @param {(string[] | undefined)[]} columns */
export function union(columns) {
  return columns.includes(undefined) ? undefined : [...new Set(columns.flat())].sort();
}
