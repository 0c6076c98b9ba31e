/* The pane "Under the hood": the last request to the provider and its answer, the tree of pictures, and a switch that
   makes the provider drift like a real model, or fail. Imports api, pictures, panel, the store. */

import {api} from './api.js';
import {batched, el, fill, part} from './dom.js';
import {size} from './format.js';
import {openLightbox} from './lightbox.js';
import {tell, toast} from './overlay.js';
import {togglePanel} from './panel.js';
import {pictureOf, turnsOf} from './pictures.js';
import {state, subscribe} from './store.js';

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
    const timer = setInterval(() => document.hidden || drawAll(), POLL_MS);
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

async function drawTree(box) {
  const {chatId, topic} = state;
  let turns;
  try {
    turns = chatId === null ? new Map() : await turnsOf(chatId, topic);
  } catch {
    return; // the banner at the top says that the sandbox is away
  }
  if (!box.isConnected || chatId !== state.chatId || topic !== state.topic) return;
  const signature = JSON.stringify([chatId, topic, [...turns.values()].map((t) => [t.number, t.parent, t.wish, t.current, t.shown.length])]);
  part(box, 'tree', signature, () => {
    const roots = [...turns.values()].filter((turn) => !turns.has(turn.parent));
    if (!roots.length) return el('p.quiet', {text: 'No picture yet. Each one will stand under the picture that it was made from.'});
    return el('div.tree', null, roots.map((turn) => line(turn)));
  });
}

/** A turn and what follows it, one below the other; only where several follow one, each begins a line of its own. */
function line(turn, branch = '') {
  const rows = [];
  let last = turn;
  for (; last.children.length === 1; [last] = last.children) rows.push(el('li', null, row(last)));
  rows.push(el('li', null, row(last), last.children.map((child) => line(child, '.branch'))));
  return el(`ol.line${branch}`, null, rows);
}

function row({number, wish, current, sent, shown}) {
  const picture = shown.at(-1);
  const children = [
    el('span.tree-number', {text: number}),
    sent.map((m) => el('img.tree-sent', {src: pictureOf(m).thumb, alt: 'Photo that came with the wish', loading: 'lazy'})),
    picture ? el('img', {src: pictureOf(picture).thumb, alt: '', width: '40', height: '40', loading: 'lazy'}) : null,
    el('span.tree-wish', {dir: 'auto', text: wish || 'picture'}),
    picture ? null : el('span.quiet', {text: 'answered in words'}),
  ];
  const marks = {'aria-current': current ? 'true' : null, title: current ? 'The next wish goes on from here' : null};
  return picture ? el('button.tree-node', {type: 'button', ...marks, on: {click: () => openLightbox(picture)}}, children) : el('div.tree-node', marks, children);
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
