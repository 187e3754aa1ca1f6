import { Sum } from './checksum.js';

/**
 * One match as this client holds it: its position, and its cells by group (`match`, `incidents`, and a group per market).
 * A change is built beside what is held and takes its place only when every checksum of it is right: nobody sees half of
 * an update, or a wrong one.
 */
export class Held {
  /** @param {string} match */
  constructor(match) {
    this.match = match;
    /** @type {string | null} */
    this.position = null;
    /** Group to its cells and their sum. @type {Map<string, Group>} */
    this.groups = new Map();
  }

  /** What an image says, in place of everything held. @returns {Change} */
  image(message) {
    const change = new Change(this);
    for (const group of this.groups.keys()) {
      change.groups.set(group, new Group());
    }
    for (const [cell, value] of Object.entries(message.cells)) {
      const [group, field] = split(cell);
      if (!change.groups.has(group)) {
        change.groups.set(group, new Group());
      }
      change.groups.get(group).set(field, value);
    }
    return change;
  }

  /** What a patch says, on top of what is held. @returns {Change} */
  patch(message) {
    const change = new Change(this);
    for (const [cell, value] of Object.entries(message.set ?? {})) {
      const [group, field] = split(cell);
      change.group(group).set(field, value);
    }
    for (const cell of message.del ?? []) {
      const [group, field] = split(cell);
      change.group(group).remove(field);
    }
    return change;
  }

  /** Makes the change what is held. @param {Change} change @param {string} position */
  become(change, position) {
    this.position = position;
    for (const [key, group] of change.groups) {
      if (group.cells.size === 0) {
        this.groups.delete(key);
      } else {
        this.groups.set(key, group);
      }
    }
  }

  /** @param {string} cell @returns {string | number | undefined} */
  cell(cell) {
    const [group, field] = split(cell);
    return this.groups.get(group)?.cells.get(field);
  }
}

/** The cells of one group and their running sum. */
export class Group {
  constructor(cells = new Map(), sum = new Sum()) {
    /** @type {Map<string, string | number>} */
    this.cells = cells;
    this.sum = sum;
  }

  copy() {
    return new Group(new Map(this.cells), this.sum.copy());
  }

  set(field, value) {
    this.remove(field);
    this.cells.set(field, value);
    this.sum.plus(field, value);
  }

  remove(field) {
    if (this.cells.has(field)) {
      this.sum.minus(field, this.cells.get(field));
      this.cells.delete(field);
    }
  }
}

/** Groups as they would be: those that a message changes, beside the ones that are held. */
export class Change {
  /** @param {Held} held */
  constructor(held) {
    this.held = held;
    /** @type {Map<string, Group>} */
    this.groups = new Map();
  }

  group(key) {
    let group = this.groups.get(key);
    if (!group) {
      group = this.held.groups.get(key)?.copy() ?? new Group();
      this.groups.set(key, group);
    }
    return group;
  }

  /** Is every group what its checksum says, and was one told for each? @param {Record<string, string | null>} sums */
  isRight(sums) {
    const isEmpty = (group) => !group || group.cells.size === 0;
    return (
      Object.entries(sums).every(([key, told]) => {
        const group = this.groups.get(key) ?? this.held.groups.get(key);
        return told === (isEmpty(group) ? null : group.sum.hex());
      }) && [...this.groups].every(([key, group]) => key in sums || isEmpty(group))
    );
  }

  /** Groups in which a cell differs from what is held. @returns {Map<string, string[]>} the cells' fields by group */
  differences() {
    const differences = new Map();
    for (const [key, { cells }] of this.groups) {
      const before = this.held.groups.get(key)?.cells ?? new Map();
      const fields = [...new Set([...before.keys(), ...cells.keys()])].filter((field) => before.get(field) !== cells.get(field));
      if (fields.length > 0) {
        differences.set(key, fields);
      }
    }
    return differences;
  }

  /** Does a market close by it that somebody may have seen open? */
  closes() {
    const isOpen = (group) => group?.cells.get('@status') === 'open';
    return [...this.groups].some(([key, group]) => isOpen(this.held.groups.get(key)) && !isOpen(group));
  }
}

/** @param {string} cell `group/field` */
function split(cell) {
  const slash = cell.indexOf('/');
  return [cell.slice(0, slash), cell.slice(slash + 1)];
}
