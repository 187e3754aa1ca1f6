import { address } from './address.js';
import { renew } from './token.js';

/**
 * Dials a relay by WebSocket. The token goes as a subprotocol, for a browser sends no other header there, and is renewed on the
 * open socket before it ends.
 *
 * @param {object} parts
 * @param {string} parts.url
 * @param {() => Promise<string | undefined> | string | undefined} parts.getToken
 * @param {object} parts.clock
 * @param {(problem: Error) => void} parts.onProblem
 * @param {typeof WebSocket} [parts.WebSocket]
 */
export function websocket(parts) {
  const { url, getToken, onProblem, WebSocket = globalThis.WebSocket } = parts;
  return (hears) => {
    let socket;
    let ended = false;
    let endRenewal = () => {};
    const end = () => {
      ended = true;
      endRenewal();
    };
    const open = async () => {
      const token = await getToken();
      if (ended) {
        return;
      }
      if (!WebSocket) {
        throw new TypeError('no WebSocket here: give one as an option, or allow transports to be sse');
      }
      socket = new WebSocket(address(url, 'ws'), token ? ['touchline.v1', `bearer.${token}`] : ['touchline.v1']);
      socket.onopen = () => {
        if (!ended) {
          endRenewal = renew(token, parts, (newer) => socket.send(JSON.stringify({ op: 'auth', token: newer })));
          hears.opened();
        }
      };
      socket.onmessage = ({ data }) => !ended && hears.heard(data);
      // A close follows; some implementations throw what nobody hears.
      socket.onerror = () => {};
      socket.onclose = ({ code }) => {
        if (!ended) {
          end();
          hears.closed(code);
        }
      };
    };
    open().catch((problem) => {
      if (!ended) {
        end();
        onProblem(problem);
        hears.closed();
      }
    });
    return {
      send: (text) => socket.send(text),
      close() {
        end();
        socket?.close();
      },
    };
  };
}
