/**
 * Where a match stands: `<generation>.<created>-<version>`. Generation and created together are the epoch; within one the
 * version rises by exactly one with every update. All numbers are below 2^53.
 */

const FORM = /^(\d+)\.(\d+)-(\d+)$/;

/** Generation, created and version. @param {string} text */
export function parse(text) {
  const parts = FORM.exec(text);
  if (!parts) {
    throw new TypeError(`pos=${text}: no position`);
  }
  return parts.slice(1).map(Number);
}

/** Negative when a stands before b, 0 when they are equal. @param {string} a @param {string} b */
export function compare(a, b) {
  const other = parse(b);
  return parse(a).reduce((before, number, i) => before || number - other[i], 0);
}
