import { shallowRef } from 'vue';
import { useClient, useList, useMarket, useMatch, useNode, useWatch } from 'touchline/vue';

const LIVE = { phase: 'live' };
const score = ({ home_score: home, away_score: away }) => (home === undefined ? '' : `${home}:${away}`);

const Market = {
  props: ['id', 'name'],
  setup: (props) => ({ market: useMarket(() => props.id, () => props.name) }),
  template: `
    <span v-if="market?.status === 'open'">
      <template v-for="(price, outcome) in market.prices" :key="outcome">{{ outcome }} {{ price }}, </template>
    </span>
    <span v-else-if="market">closed: {{ market.reasons.join(', ') }}</span>`,
};

const Row = {
  components: { Market },
  props: ['id'],
  emits: ['open'],
  setup(props) {
    const client = useClient();
    // Whoever points at the row finds the match filled.
    return { match: useMatch(() => props.id), prefetch: () => client.prefetch({ match: [props.id] }), score };
  },
  template: `
    <li v-if="match">
      <button @click="$emit('open', id)" @pointerenter="prefetch" @focus="prefetch">{{ match.home }} - {{ match.away }}</button>
      {{ score(match) }} <Market :id="id" name="h2h" />
    </li>`,
};

const Live = {
  components: { Row },
  emits: ['open'],
  setup() {
    useWatch(LIVE, { markets: ['h2h'] });
    return { ids: useList(LIVE) };
  },
  template: `<ul><Row v-for="id in ids" :key="id" :id="id" @open="$emit('open', id)" /></ul>`,
};

const Match = {
  components: { Market },
  props: ['id'],
  emits: ['back'],
  setup(props) {
    useWatch(() => ({ match: [props.id] }));
    return { match: useMatch(() => props.id), score };
  },
  template: `
    <section>
      <button @click="$emit('back')">Back</button>
      <h1 v-if="match">{{ match.home }} {{ score(match) }} {{ match.away }}</h1>
      <p v-for="name in match?.markets" :key="name">{{ name }}: <Market :id="id" :name="name" /></p>
    </section>`,
};

export const App = {
  components: { Live, Match },
  setup: () => ({ open: shallowRef(null), state: useNode(useClient().state) }),
  template: `
    <main>
      <p>{{ state }}</p>
      <Match v-if="open" :id="open" @back="open = null" />
      <Live v-else @open="open = $event" />
    </main>`,
};
