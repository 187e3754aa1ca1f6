/**
 * The little that this page needs of a framework: elements, the ends of what an element listens to, and children by key.
 * A text that changes is changed in its text node; no element is ever made again for it.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag @param {Record<string, unknown>} [attributes] true and '' give an empty one, false and undefined none
 * @param {...(Node | string)} children
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    put(made, name, value);
  }
  made.append(...children);
  return made;
}

/** @param {string} path the `d` of a 16 × 16 icon, drawn as a line */
export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Sets an attribute only when it says something else now. */
export function put(element, name, value) {
  const text = value === undefined || value === null || value === false ? null : value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) {
    if (text === null) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, text);
    }
  }
}

/** @param {Text} text @param {string} says */
export function say(text, says) {
  if (text.data !== says) {
    text.data = says;
  }
}

/** What has to end when something leaves the page. */
export class Scope {
  constructor() {
    /** @type {(() => void)[]} */
    this.ends = [];
  }

  /** Now, and with every change. @template T @param {{get(): T, subscribe(f: () => void): () => void}} node @param {(value: T) => void} show */
  follow(node, show) {
    show(node.get());
    this.ends.push(node.subscribe(() => show(node.get())));
  }

  /** A text node that follows a store node. */
  text(node, words) {
    const text = document.createTextNode('');
    this.follow(node, (value) => say(text, words(value)));
    return text;
  }

  /** @param {() => void} end */
  with(end) {
    this.ends.push(end);
  }

  end() {
    this.ends.splice(0).forEach((end) => end());
  }
}

/** Children by key: each is made once, moved only when its place changes, and ended when its key leaves. */
export class Keyed {
  /**
   * @param {Element} parent nothing else may be in it
   * @param {(key: string) => {element: Element, end(): void}} make
   */
  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
    /** @type {Map<string, {element: Element, end(): void}>} */
    this.held = new Map();
  }

  /** @param {readonly string[]} keys */
  show(keys) {
    const wanted = new Set(keys);
    for (const [key, child] of this.held) {
      if (!wanted.has(key)) {
        child.end();
        child.element.remove();
        this.held.delete(key);
      }
    }
    let place = this.parent.firstElementChild;
    for (const key of wanted) {
      let child = this.held.get(key);
      if (!child) {
        child = this.make(key);
        this.held.set(key, child);
      }
      if (child.element === place) {
        place = place.nextElementSibling;
      } else {
        this.parent.insertBefore(child.element, place);
      }
    }
  }

  end() {
    this.show([]);
  }
}
