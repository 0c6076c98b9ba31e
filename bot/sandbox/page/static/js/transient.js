/* Bubbles that are not messages yet: a message on its way (with its failure and a way to repeat it), and the bot's
   streaming draft. Imports dom, entities, icons. */

import {el, fill, part} from './dom.js';
import {rich} from './entities.js';
import {icon} from './icons.js';

/** A message that the sandbox has not confirmed yet. */
export function makePending(on) {
  const node = el('article.msg.out.first.last.pending', {'aria-label': 'You, on its way'});
  node.bubble = el('div.bubble');
  node.append(el('div.column', null, el('div.bubble-line', null, node.bubble)));
  node.retry = () => on.retry(node.item);
  node.discard = () => on.discard(node.item);
  return node;
}

export function updatePending(node, item) {
  node.item = item;
  node.classList.toggle('failed', Boolean(item.error));
  part(node.bubble, 'media', String(item.previews.length), () => (item.previews.length ? el('div.pending-pictures', null, item.previews.map((url) => el('img', {src: url, alt: ''}))) : null));
  part(node.bubble, 'body', JSON.stringify([item.text, item.names, item.error]), () => el('div.body', {dir: 'auto'},
    item.names.map((name) => el('div.pending-file', null, icon('file', 18), el('span', {text: name}))),
    item.text ? el('span.text', {text: item.text}) : null,
    el('span.meta', null, item.error ? null : icon('clock', 15)),
    item.error ? failure(node, item) : null));
}

function failure(node, item) {
  return el('div.failure', {role: 'alert'}, icon('alert', 18), el('span', {text: item.error}),
    el('button.link-button', {type: 'button', on: {click: node.retry}}, 'Send again'),
    el('button.link-button', {type: 'button', on: {click: node.discard}}, 'Discard'));
}

/** What the bot is writing at this moment. */
export function makeDraft(on) {
  const node = el('article.msg.in.first.last.draft', {'aria-label': 'The bot is writing', 'aria-live': 'off'});
  node.words = el('div.body', {dir: 'auto'});
  node.stop = el('button.draft-stop', {type: 'button', on: {click: () => on.stop(node.draft)}}, icon('stop', 16), 'Stop');
  node.append(el('div.column', null, el('div.bubble-line', null, el('div.bubble', null, node.words)), node.stop));
  return node;
}

export function updateDraft(node, draft) {
  node.draft = draft;
  node.stop.hidden = draft.can_stop === false;
  fill(node.words, el('span.text', null, draft.text ? rich(draft.text, draft.entities ?? []) : el('em.quiet', {text: 'Thinking'})), el('span.cursor', {'aria-hidden': 'true'}));
}
