/* Turns a text and its Bot API entities (offsets in UTF-16 units, as JavaScript counts too) into DOM nodes: bold, code,
   links, mentions, commands, spoilers, quotes. Nested entities nest. Imports dom only. */

import {el} from './dom.js';

const SAFE_LINK = /^(https?|mailto|tel|tg):/i;

const TAGS = {
  bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre', blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

/** Nodes for a text. `on.command(text)` is called when a command is pressed. */
export function rich(text, entities = [], on = {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return slice(text, sorted, 0, text.length, on);
}

function slice(text, entities, from, to, on) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to || end <= entity.offset) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inside = entities.slice(i + 1).filter((e) => e.offset >= entity.offset && e.offset + e.length <= end);
    nodes.push(wrap(entity, text.slice(entity.offset, end), slice(text, inside, entity.offset, end, on), on));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrap(entity, words, children, on) {
  const tag = TAGS[entity.type];
  if (tag) return el(tag, null, children);
  switch (entity.type) {
    case 'url': return link(/^[a-z][a-z0-9+.-]*:/i.test(words) ? words : `https://${words}`, children);
    case 'text_link': return link(entity.url, children);
    case 'email': return link(`mailto:${words}`, children);
    case 'bot_command':
      return on.command ? el('button.inline-command', {type: 'button', on: {click: () => on.command(words)}}, children) : el('span.entity', null, children);
    case 'spoiler': return spoiler(children);
    case 'mention': case 'text_mention': case 'hashtag': case 'cashtag': return el('span.entity', null, children);
    default: return el('span', null, children);
  }
}

function link(url, children) {
  if (!SAFE_LINK.test(url ?? '')) return el('span', null, children);
  return el('a', {href: url, target: '_blank', rel: 'noopener noreferrer'}, children);
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add('shown');
  return el('span.spoiler', {role: 'button', tabindex: '0', title: 'Hidden text: press to show', on: {click: show, keydown: (event) => event.key === 'Enter' && show(event)}}, children);
}
