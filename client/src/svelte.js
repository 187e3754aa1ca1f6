/**
 * A node as a Svelte store. With a second argument, what it begins goes on for as long as anybody looks:
 * `store(client.list(live), () => client.watch(live))`.
 *
 * @template T
 * @param {import('./node.js').Node<T>} node
 * @param {() => () => void} [watch]
 */
export function store(node, watch = () => () => {}) {
  let count = 0;
  let release;
  return {
    subscribe(run) {
      if (count++ === 0) {
        release = watch();
      }
      run(node.get());
      let end = node.subscribe(run);
      return () => {
        if (end) {
          end();
          end = null;
          if (--count === 0) {
            release();
          }
        }
      };
    },
  };
}

/** An action for a link: whoever points at it, or comes to it by keyboard, finds its page filled. */
export function prefetch(element, wanted) {
  let { client, select, options } = wanted;
  const begin = () => client.prefetch(select, options);
  element.addEventListener('pointerenter', begin);
  element.addEventListener('focusin', begin);
  return {
    update(next) {
      ({ client, select, options } = next);
    },
    destroy() {
      element.removeEventListener('pointerenter', begin);
      element.removeEventListener('focusin', begin);
    },
  };
}
