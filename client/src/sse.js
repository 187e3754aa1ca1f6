import { address } from './address.js';
import { CODES } from './codes.js';
import { expiryOf, renew } from './token.js';

/** What an HTTP status says in the words of the protocol; every other one is worth another try. */
const REFUSED = { 401: 4401, 403: 4403, 413: 4413, 429: 4429 };

/**
 * Dials a relay by a request whose answer does not end (server-sent events), for networks that let no WebSocket through. On
 * such a link nothing can be sent: what is asked for goes with the request. So whoever asks for something else is told that the
 * link has opened anew, and what he asks for then goes with another request, one a tick.
 *
 * @param {object} parts as those of the WebSocket
 * @param {typeof fetch} [parts.fetch]
 */
export function sse(parts) {
  const { url, getToken, clock, onProblem, fetch = globalThis.fetch } = parts;
  return (hears) => {
    let turn = 0;
    let asking = null;
    let planned = false;
    let abort = () => {};
    let endRenewal = () => {};
    const end = () => {
      turn = NaN;
      abort();
      endRenewal();
    };
    const again = () => {
      if (!planned) {
        planned = true;
        clock.after(0, begin);
      }
    };
    const listen = async (mine) => {
      const token = await getToken();
      if (turn !== mine) {
        return;
      }
      abort();
      asking = [];
      hears.opened();
      const body = JSON.stringify(asking);
      asking = null;
      if (turn !== mine) {
        return;
      }
      const stop = new AbortController();
      abort = () => stop.abort();
      const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
      if (token) {
        headers.Authorization = `Bearer ${token}`;
      }
      const request = { method: 'POST', headers, body, signal: stop.signal, cache: 'no-store' };
      const to = address(url, 'http');
      try {
        const answer = await fetch(to, request);
        if (turn !== mine) {
          return;
        }
        if (!answer.ok) {
          const { reason } = await answer.json().catch(() => ({}));
          if (turn === mine) {
            hears.heard(JSON.stringify(refusal(answer, reason, expiryOf(token) < clock.wall())));
          }
          return;
        }
        endRenewal();
        endRenewal = renew(token, parts, again);
        await events(answer.body, (text) => turn === mine && hears.heard(text));
      } catch {
        // The network's failures are nobody's problem: the link ends, and is dialled again.
      }
    };
    const begin = () => {
      planned = false;
      if (Number.isNaN(turn)) {
        return;
      }
      const mine = ++turn;
      listen(mine)
        .catch((problem) => turn === mine && onProblem(problem))
        .then(() => {
          if (turn === mine) {
            end();
            hears.closed();
          }
        });
    };
    again();
    return {
      send(text) {
        if (asking) {
          asking.push(...[JSON.parse(text)].flat());
        } else {
          again();
        }
      },
      close: end,
    };
  };
}

function refusal({ status, headers }, reason, isOver) {
  const code = status === 401 && isOver ? 4402 : REFUSED[status] ?? 4500;
  const after = Number(headers.get('Retry-After')) * 1000 || 0;
  return { op: 'error', code, reason: `HTTP ${status} ${reason ?? ''}`, reconnect: CODES[code].reconnect, after };
}

/** Reads events out of bytes that come as they like; only what follows `data:` matters. */
async function events(bytes, hear) {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const whole = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = whole.pop();
    for (const event of whole) {
      const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (data.length > 0) {
        hear(data.map((line) => line.slice(5)).join('\n'));
      }
    }
  }
}
