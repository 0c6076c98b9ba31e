/* The pane "Under the hood": the last request to the provider and its answer, the tree of pictures, and a switch that
   makes the provider drift like a real model, or fail. Imports api, pictures, panel, the store. */

import {api} from './api.js';
import {batched, el, fill, part} from './dom.js';
import {name, size} from './format.js';
import {openLightbox} from './lightbox.js';
import {tell, toast} from './overlay.js';
import {togglePanel} from './panel.js';
import {pictureTree} from './pictures.js';
import {conversation, isBot, personById, state, subscribe} from './store.js';

const MODES = [
  ['normal', 'Normal', 'answers at once, and exactly'], ['drift', 'Drifts', 'repaints the whole picture each time, as real models do'],
  ['slow', 'Slow', 'takes its time'], ['words', 'Words only', 'answers without a picture'],
  ['refuse', 'Refuses', 'blocks the wish for safety'], ['429', '429', 'too many requests, with a delay'], ['503', '503', 'overloaded'],
  ['die', 'Dies', 'cuts the connection'],
];
const POLL_MS = 2500;
let refresh = null;

/** Open or close the pane. */
export function toggleHood() {
  togglePanel('hood', 'Under the hood', (body) => {
    const modes = el('section.block', null, el('h3', {text: 'The provider'}));
    const tree = el('section.block', null, el('h3', {text: 'The tree of pictures'}));
    const last = el('section.block', null, el('h3', {text: 'Last exchange'}));
    body.append(modes, tree, last);
    const drawAll = batched(() => {
      drawTree(tree);
      drawLast(last);
    });
    drawModes(modes);
    drawAll();
    refresh = drawAll;
    const timer = setInterval(() => document.hidden || drawLast(last), POLL_MS);
    return () => {
      refresh = null;
      clearInterval(timer);
    };
  });
}

subscribe(({kind}) => (kind === 'messages' || kind === 'route') && refresh?.());

async function drawModes(box) {
  const now = await tell(api.provider());
  if (!now || !box.isConnected) return;
  part(box, 'modes', JSON.stringify(now), () => el('fieldset.modes', null, el('legend.hidden-text', {text: 'How the provider behaves'}), MODES.map(([mode, label, hint]) =>
    el('label.pick', null, el('input', {type: 'radio', name: 'provider', value: mode, checked: now.mode === mode, on: {change: () => choose(mode, label)}}),
      el('span.pick-text', null, el('span', {text: label}), el('span.pick-hint', {text: hint}))))));
}

async function choose(mode, label) {
  const done = await tell(api.setProvider(mode));
  if (done !== undefined) toast(`The provider is now: ${label.toLowerCase()}`);
}

/* ---- the tree ---- */

function drawTree(box) {
  const {nodes} = pictureTree(conversation(state.chatId, state.topic), isBot);
  const signature = JSON.stringify([...nodes.values()].map((n) => [n.id, n.parents, n.wish]));
  part(box, 'tree', signature, () => {
    const roots = [...nodes.values()].filter((n) => !n.parents.length);
    if (!roots.length) return el('p.quiet', {text: 'No picture yet. Each one will stand under the picture that it was made from.'});
    return el('ul.tree', null, roots.map((node) => branch(node, nodes)));
  });
}

function branch(node, nodes) {
  const children = node.children.map((id) => nodes.get(id)).filter((child) => child.parents[0] === node.id);
  return el('li', null, el('button.tree-node', {type: 'button', on: {click: () => openLightbox(node.message)}},
    el('img', {src: node.picture.thumb, alt: '', width: '40', height: '40', loading: 'lazy'}), el('span', {dir: 'auto', text: node.byBot ? node.wish || 'picture' : `photo by ${name(personById(node.message.from?.id) ?? node.message.from)}`})),
  children.length ? el('ul', null, children.map((child) => branch(child, nodes))) : null);
}

/* ---- the last exchange ---- */

async function drawLast(box) {
  let last;
  try {
    last = await api.lastExchange();
  } catch {
    return; // the banner at the top says that the sandbox is away
  }
  if (!box.isConnected) return;
  part(box, 'last', JSON.stringify(last), () => (last.request ? el('div', null,
    el('h4', {text: 'Request'}), tree(last.request, 'request'), el('h4', {text: 'Answer'}), tree(last.answer, 'answer')) : el('p.quiet', {text: 'No request to the provider yet.'})));
}

function tree(value, label) {
  return el('div.json', {tabindex: '0', role: 'group', 'aria-label': `The ${label} as JSON`}, json(value, null, 0));
}

/** JSON as nested, foldable lines; pictures as thumbnails. */
function json(value, key, depth) {
  const label = key === null ? null : el('span.json-key', {text: `${key}: `});
  if (value === null || typeof value !== 'object') return el('div.json-line', null, label, el(`span.json-${value === null ? 'null' : typeof value}`, {text: short(JSON.stringify(value) ?? 'nothing')}));
  if (value.thumbnail) return el('div.json-line', null, label, el('img.json-picture', {src: value.thumbnail, alt: 'Picture in the exchange'}), el('span.json-null', {text: ` ${size(value.bytes)}`}));
  const entries = Object.entries(value);
  const [opening, closing] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (!entries.length) return el('div.json-line', null, label, `${opening}${closing}`);
  return el('details', {open: depth < 6}, el('summary', null, label, `${opening} `, el('span.json-null', {text: Array.isArray(value) ? `${entries.length}` : entries.map(([k]) => k).join(', ').slice(0, 60)}), ` ${closing}`),
    el('div.json-inner', null, entries.map(([k, v]) => json(v, Array.isArray(value) ? null : k, depth + 1))));
}

const short = (text) => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text);

/** Draw again, for instance after the provider answered. */
export const refreshHood = () => refresh?.();
