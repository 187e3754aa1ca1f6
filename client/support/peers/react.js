/** A stand-in for React: one component, rendered when its hooks say so. */
let current = null;

/** Renders a component with its effects; gives what it returned last, and its end. */
export function mount(component) {
  const root = { hooks: [], at: 0, renders: 0, result: undefined };
  root.render = () => {
    current = root;
    root.at = 0;
    root.renders++;
    root.result = component();
    current = null;
    root.hooks.forEach((hook) => hook.run?.());
  };
  root.unmount = () => root.hooks.forEach((hook) => hook.end?.());
  root.render();
  return root;
}

function hook(create) {
  const { hooks, at } = current;
  current.at++;
  return (hooks[at] ??= create());
}

const differ = (a, b) => !a || a.length !== b.length || a.some((one, i) => !Object.is(one, b[i]));

export function useEffect(effect, uses) {
  const own = hook(() => ({}));
  own.run = () => {
    if (differ(own.uses, uses)) {
      own.end?.();
      own.uses = uses;
      own.end = effect();
    }
  };
}

export function useMemo(make, uses) {
  const own = hook(() => ({}));
  if (differ(own.uses, uses)) {
    own.uses = uses;
    own.value = make();
  }
  return own.value;
}

export function useSyncExternalStore(subscribe, get) {
  const root = current;
  const own = hook(() => ({}));
  own.value = get();
  own.run = () => {
    if (own.subscribe !== subscribe) {
      own.end?.();
      own.subscribe = subscribe;
      own.end = subscribe(() => !Object.is(own.value, get()) && root.render());
    }
  };
  return own.value;
}

export function createContext(value) {
  const context = { value };
  context.Provider = ({ value: given, children }) => {
    context.value = given;
    return children;
  };
  return context;
}

export const useContext = (context) => context.value;
export const createElement = (type, props, children) => type({ ...props, children });
