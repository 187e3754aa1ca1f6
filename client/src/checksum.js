/**
 * The checksum of a group of cells: two 32-bit lanes, each the sum of murmur3_x86_32 (seeds 0 and 0x9747b28c) over the
 * UTF-8 of `field=value` of every cell. Order-free: a change costs only the cells that changed. Equal to Java's.
 */

const SECOND_SEED = 0x9747b28c;
const encoder = new TextEncoder();
let bytes = new Uint8Array(256);

/** A group's sum while it is built; two lanes, each 32 bits. */
export class Sum {
  constructor(first = 0, second = 0) {
    this.first = first;
    this.second = second;
  }

  copy() {
    return new Sum(this.first, this.second);
  }

  /** @param {string} field @param {string | number} value */
  plus(field, value) {
    const length = encode(field, value);
    this.first = (this.first + murmur3(length, 0)) | 0;
    this.second = (this.second + murmur3(length, SECOND_SEED)) | 0;
  }

  /** @param {string} field @param {string | number} value */
  minus(field, value) {
    const length = encode(field, value);
    this.first = (this.first - murmur3(length, 0)) | 0;
    this.second = (this.second - murmur3(length, SECOND_SEED)) | 0;
  }

  /** The wire form: 16 lower-case hex digits. */
  hex() {
    return hex(this.first) + hex(this.second);
  }
}

function hex(lane) {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

/** Writes `field=value` as UTF-8 and returns its length. */
function encode(field, value) {
  const text = field + '=' + value;
  if (bytes.length < text.length * 3) {
    bytes = new Uint8Array(text.length * 6);
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) {
      return encoder.encodeInto(text, bytes).written;
    }
    bytes[i] = code;
  }
  return text.length;
}

/** MurmurHash3 x86 32-bit of what was encoded last. */
function murmur3(length, seed) {
  let h = seed | 0;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    const k = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    h ^= mix(k);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  if (length > blocks) {
    let k = 0;
    for (let i = length - 1; i >= blocks; i--) {
      k = (k << 8) | bytes[i];
    }
    h ^= mix(k);
  }
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mix(k) {
  const mixed = Math.imul(k, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
