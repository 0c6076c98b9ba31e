/* Builds DOM nodes. Data only ever becomes text nodes or attributes, never markup: nothing here parses HTML.
   Imports nothing. */

/**
 * Make an element: el('div.bubble.out', {title: 'x', on: {click: f}}, child, 'text', null).
 * Strings become text nodes; null, undefined and false are left out; arrays are flattened.
 */
export function el(spec, props, ...children) {
  const [tag, ...classes] = spec.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'on') for (const [name, handler] of Object.entries(value)) node.addEventListener(name, handler);
    else if (key === 'data') Object.assign(node.dataset, value);
    else if (key === 'vars') for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
    else if (key === 'text') node.textContent = value;
    else if (key in node && typeof value !== 'string') node[key] = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

/** Append children as `el` does. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replace all children. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Find one element of the page by id; a missing one is a fault of index.html. */
export const $ = (id) => document.getElementById(id);

/**
 * Keep one named part of `node` up to date: the part is built again only when its signature changes, so that pictures
 * that did not change are never reloaded. `build` returns a node, or null for nothing.
 */
export function part(node, name, signature, build) {
  node.parts ??= new Map();
  const old = node.parts.get(name);
  if (old && old.signature === signature) return;
  const fresh = build();
  const holder = old ? old.node : document.createComment(name);
  const next = fresh ?? document.createComment(name);
  if (old) holder.replaceWith(next);
  else node.append(next);
  node.parts.set(name, {signature, node: next});
}

/**
 * Make the children of `parent` be exactly `rows`, in order, moving as little as possible.
 * Each row is {key, make(), update(node)}; nodes are remembered by key on the parent.
 */
export function reconcile(parent, rows) {
  parent.byKey ??= new Map();
  const wanted = new Set(rows.map((row) => row.key));
  for (const [key, node] of parent.byKey) {
    if (!wanted.has(key)) {
      node.remove();
      parent.byKey.delete(key);
    }
  }
  let cursor = parent.firstChild;
  for (const row of rows) {
    let node = parent.byKey.get(row.key);
    if (!node) {
      node = row.make();
      node.dataset.key = row.key;
      parent.byKey.set(row.key, node);
    }
    row.update?.(node);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

/** Run `work` once per turn of the event loop, however often it is asked for. */
export function batched(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      work();
    });
  };
}
