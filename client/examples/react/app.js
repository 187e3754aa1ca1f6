import { createElement as h, useState } from 'react';
import { TouchlineProvider, useClient, useList, useMarket, useMatch, useNode, usePrefetch, useWatch } from 'touchline/react';

const LIVE = { phase: 'live' };

export function App({ client }) {
  return h(TouchlineProvider, { client }, h(Page));
}

function Page() {
  const [open, setOpen] = useState(null);
  const state = useNode(useClient().state);
  return h('main', null, h('p', null, state), open ? h(Match, { id: open, onBack: () => setOpen(null) }) : h(Live, { onOpen: setOpen }));
}

function Live({ onOpen }) {
  useWatch(LIVE, { markets: ['h2h'] });
  const ids = useList(LIVE);
  return h('ul', null, ids.map((id) => h(Row, { key: id, id, onOpen })));
}

function Row({ id, onOpen }) {
  const match = useMatch(id);
  // Whoever points at the row finds the match filled.
  const prefetch = usePrefetch({ match: [id] });
  return (
    match &&
    h('li', null, h('button', { onClick: () => onOpen(id), ...prefetch }, `${match.home} - ${match.away}`), ` ${score(match)} `, h(Market, { id, name: 'h2h' }))
  );
}

function Match({ id, onBack }) {
  useWatch({ match: [id] });
  const match = useMatch(id);
  return h(
    'section',
    null,
    h('button', { onClick: onBack }, 'Back'),
    match && h('h1', null, `${match.home} ${score(match)} ${match.away}`),
    match?.markets.map((name) => h('p', { key: name }, `${name}: `, h(Market, { id, name }))),
  );
}

function Market({ id, name }) {
  const market = useMarket(id, name);
  if (!market) {
    return null;
  }
  const prices = Object.entries(market.prices).map(([outcome, price]) => `${outcome} ${price}`);
  return h('span', null, market.status === 'open' ? prices.join(', ') : `closed: ${market.reasons.join(', ')}`);
}

const score = ({ home_score: home, away_score: away }) => (home === undefined ? '' : `${home}:${away}`);
