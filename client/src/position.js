/**
 * Where a match stands: `<generation>.<created>-<version>`. Generation and created together are the epoch; within one the
 * version rises by exactly one with every update. All numbers are below 2^53.
 */

const FORM = /^(\d+)\.(\d+)-(\d+)$/;

/** @param {string} text */
export function parse(text) {
  const parts = FORM.exec(text);
  if (!parts) {
    throw new TypeError(`pos=${text}: a position is <generation>.<created>-<version>`);
  }
  return { generation: Number(parts[1]), created: Number(parts[2]), version: Number(parts[3]) };
}

/** Negative when a stands before b, 0 when they are equal. @param {string} a @param {string} b */
export function compare(a, b) {
  const left = parse(a);
  const right = parse(b);
  return (
    left.generation - right.generation || left.created - right.created || left.version - right.version
  );
}

/** @param {string} a @param {string} b */
export function sameEpoch(a, b) {
  return a.slice(0, a.indexOf('-')) === b.slice(0, b.indexOf('-'));
}
