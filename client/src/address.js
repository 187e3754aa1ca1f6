/** The address of the stream, as a WebSocket (`ws`) or for a request (`http`). @param {string} url also relative to the page */
export function address(url, scheme) {
  const whole = new URL(url, globalThis.location?.href);
  const secure = whole.protocol === 'https:' || whole.protocol === 'wss:';
  whole.protocol = secure ? `${scheme}s:` : `${scheme}:`;
  return whole.href;
}
