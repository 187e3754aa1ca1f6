import { mount } from 'svelte';
import { createClient } from 'touchline';
import App from './App.svelte';

const url = new URLSearchParams(location.search).get('relay') ?? '/v1/stream';
mount(App, { target: document.getElementById('app'), props: { client: createClient({ url }) } });
