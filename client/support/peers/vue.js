/** A stand-in for Vue: refs that getters can follow, and a scope that ends. */
const followers = new Set();
let provided = new Map();
let ends = [];

export function shallowRef(value) {
  return {
    isRef: true,
    get value() {
      return value;
    },
    set value(next) {
      if (!Object.is(value, next)) {
        value = next;
        [...followers].forEach((follow) => follow());
      }
    },
  };
}

export const shallowReadonly = (ref) => ref;
export const toValue = (what) => (typeof what === 'function' ? what() : what?.isRef ? what.value : what);
export const inject = (key, otherwise) => provided.get(key) ?? otherwise;
export const onScopeDispose = (end) => ends.push(end);

export function watch(get, changed, { immediate }) {
  let before = get();
  const follow = () => {
    const now = get();
    if (!Object.is(before, now)) {
      before = now;
      changed(now);
    }
  };
  followers.add(follow);
  if (immediate) {
    changed(before);
  }
  return () => followers.delete(follow);
}

/** An app with a plugin, and a scope in it; gives what was set up, and the scope's end. */
export function scope(plugin, option, setup) {
  provided = new Map();
  plugin?.install({ provide: (key, value) => provided.set(key, value) }, option);
  ends = [];
  const result = setup();
  const own = ends;
  return { result, end: () => own.forEach((end) => end()) };
}
