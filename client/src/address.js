/** The address of the stream, as a WebSocket (`ws`) or for a request (`http`). @param {string} url also relative to the page */
export function address(url, scheme) {
  let whole;
  try {
    whole = new URL(url, globalThis.location?.href);
  } catch (cause) {
    throw new TypeError(`url=${url}: must begin with ws://, wss://, http:// or https://, or be relative to a page`, { cause });
  }
  whole.protocol = /^(http|ws)s/.test(whole.protocol) ? `${scheme}s` : scheme;
  return whole.href;
}
