import { routeOf } from './paths.js';

/** How long a pointer rests on a link before it means it, ms. */
const MEANT_MS = 65;

/** Pages without a reload: links of ours are followed here, the rest is the browser's. */
export class Router {
  /**
   * @param {Element} place where a view's element is put
   * @param {(route: {name: string, key?: string}) => {element: Element, title: string, end(): void}} make
   * @param {(route: {name: string, key?: string}) => void} prefetch
   * @param {(path: string, view: object) => void} shown
   */
  constructor(place, make, prefetch, shown) {
    this.place = place;
    this.make = make;
    this.prefetch = prefetch;
    this.shown = shown;
    this.view = null;
    this.path = '';
    history.scrollRestoration = 'manual';
    document.addEventListener('click', (event) => this.clicked(event));
    document.addEventListener('pointerover', (event) => this.pointed(linkOf(event), MEANT_MS));
    document.addEventListener('pointerout', () => clearTimeout(this.meaning));
    document.addEventListener('focusin', (event) => this.pointed(linkOf(event), MEANT_MS));
    document.addEventListener('pointerdown', (event) => this.pointed(linkOf(event), 0));
    addEventListener('popstate', (event) => {
      // A jump within the page is none to another.
      if (location.pathname !== this.path) {
        this.show(event.state);
      }
    });
  }

  start() {
    this.show(history.state);
  }

  clicked(event) {
    const link = linkOf(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || routeOf(link.pathname).name === 'nowhere') {
      return;
    }
    event.preventDefault();
    if (link.pathname === this.path) {
      scrollTo(0, 0);
      return;
    }
    history.replaceState({ ...history.state, y: scrollY }, '');
    history.pushState({}, '', link.pathname);
    this.show({});
    this.place.querySelector('h1')?.focus({ preventScroll: true });
  }

  pointed(link, afterMs) {
    clearTimeout(this.meaning);
    if (link && link.pathname !== this.path) {
      this.meaning = setTimeout(() => this.prefetch(routeOf(link.pathname)), afterMs);
    }
  }

  show(state) {
    const from = this.path;
    const before = this.view;
    this.path = location.pathname;
    // The next one first: what both want is asked for once and held throughout.
    this.view = this.make(routeOf(this.path));
    this.place.replaceChildren(this.view.element);
    before?.end();
    this.shown(this.path, this.view);
    scrollTo(0, state?.y ?? 0);
    if (state?.y !== undefined) {
      [...this.place.querySelectorAll('a')].find((link) => link.pathname === from)?.focus({ preventScroll: true });
    }
  }
}

/** The link of ours that an event is about. */
function linkOf(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  return link && link.origin === location.origin && !link.target && !link.hash ? link : null;
}
