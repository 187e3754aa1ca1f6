import { Sum } from '../src/checksum.js';

/** The checksums of cells, by group. @param {Record<string, string | number>} cells */
export function sumsOf(cells) {
  const sums = {};
  for (const [cell, value] of Object.entries(cells)) {
    const [group, field] = cell.split('/');
    (sums[group] ??= new Sum()).plus(field, value);
  }
  return Object.fromEntries(Object.entries(sums).map(([group, sum]) => [group, sum.hex()]));
}

/** The checksums of the groups in which two sets of cells differ, and how. */
export function difference(from, to) {
  const set = Object.fromEntries(Object.entries(to).filter(([cell, value]) => from[cell] !== value));
  const del = Object.keys(from).filter((cell) => !(cell in to));
  const changed = new Set([...Object.keys(set), ...del].map((cell) => cell.split('/')[0]));
  const all = sumsOf(to);
  return { set, del, sums: Object.fromEntries([...changed].map((group) => [group, all[group] ?? null])) };
}

/** mulberry32: the same numbers for the same seed. @param {number} seed */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
