/**
 * What a relay closes a connection with, by its number: a contract, the same on both sides. `reconnect` says whether coming
 * back can help.
 *
 * @type {Readonly<Record<number, Readonly<{name: string, reconnect: boolean}>>>}
 */
export const CODES = Object.freeze({
  1001: code('draining', true),
  4400: code('malformed', false),
  4401: code('unauthorized', false),
  4402: code('expired', true),
  4403: code('forbidden', false),
  4408: code('slow', true),
  4413: code('too_large', false),
  4429: code('too_many', true),
  4500: code('failed', true),
});

function code(name, reconnect) {
  return Object.freeze({ name, reconnect });
}
