import { register } from 'node:module';

/** From here on `react` and `vue` are the stand-ins of this directory: the few functions that the adapters use. */
const peers = { react: new URL('./peers/react.js', import.meta.url).href, vue: new URL('./peers/vue.js', import.meta.url).href };
const hook = `export const resolve = (name, context, next) => {
  const url = ${JSON.stringify(peers)}[name];
  return url ? { url, shortCircuit: true } : next(name, context);
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
