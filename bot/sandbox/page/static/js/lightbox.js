/* A picture at full size: zoom and drag, the next one by arrow keys, download, and the path of pictures that led to it.
   Imports pictures, dom, the store. */

import {download} from './actions.js';
import {el, fill} from './dom.js';
import {fullTime, name} from './format.js';
import {icon} from './icons.js';
import {pathTo, pictureOf, pictureTree} from './pictures.js';
import {conversation, isBot, personById, state} from './store.js';
import {jumpTo} from './timeline.js';
import {zoomable} from './zoom.js';

/** Show the picture of a message, with all pictures of its conversation beside it. */
export function openLightbox(message) {
  const {nodes, copies} = pictureTree(conversation(state.chatId, state.topic), isBot);
  const order = [...nodes.keys()];
  let current = copies.get(message.message_id) ?? message.message_id;
  if (!nodes.has(current)) return;
  // A picture shown once more keeps its own file (a document has the original bytes) and the path of its node.
  let shown = {...nodes.get(current), message, picture: pictureOf(message)};

  const dialog = el('dialog.lightbox', {'aria-label': 'Picture'});
  const head = el('div.lightbox-who');
  const image = el('img', {alt: '', draggable: 'false'});
  const stage = el('div.lightbox-stage', null, image);
  const words = el('p.lightbox-words', {dir: 'auto'});
  const path = el('nav.lightbox-path', {'aria-label': 'The path that led to this picture'});
  const zoom = zoomable(stage, image, () => dialog.close());
  const button = (label, iconName, act, extra = '') => el(`button.icon-button${extra}`, {type: 'button', 'aria-label': label, title: label, on: {click: act}}, icon(iconName));
  const step = (by) => show(nodes.get(order[(order.indexOf(current) + by + order.length) % order.length]));

  function show(node) {
    current = node.id;
    shown = node;
    zoom.reset();
    image.src = node.picture.url;
    image.alt = node.message.caption ?? node.wish ?? 'Picture';
    const author = isBot(node.message.from) ? state.bot : personById(node.message.from?.id) ?? node.message.from;
    fill(head, el('strong', {dir: 'auto', text: name(author)}), el('span', {text: fullTime(node.message.date)}));
    words.textContent = node.message.caption ?? '';
    words.hidden = !words.textContent;
    drawPath(pathTo(nodes, node.id));
  }

  function drawPath(steps) {
    path.hidden = steps.length < 2;
    fill(path, el('h2', {text: 'The path that led here'}), el('ol', null, steps.map((node) => el('li', null,
      node.byBot ? el('span.step-wish', {dir: 'auto', text: node.wish || '…', title: node.wish}) : null,
      el('button.step', {type: 'button', 'aria-current': node.id === current ? 'step' : null, 'aria-label': `${node.byBot ? `After “${node.wish}”` : 'Sent photo'}. Show`, on: {click: () => show(node)}},
        el('img', {src: node.picture.thumb, alt: '', width: '72', height: '72'}))))));
    path.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'center'});
  }

  dialog.append(
    el('header.lightbox-head', null, head, el('div.lightbox-tools', null,
      button('Show in the chat', 'reply', () => { dialog.close(); jumpTo(shown.message.message_id); }),
      button('Smaller', 'minus', () => zoom.by(1 / 1.5)), button('Larger', 'plus', () => zoom.by(1.5)),
      button('Download', 'download', () => download(shown.picture.url, shown.picture.name)),
      button('Close', 'close', () => dialog.close()))),
    order.length > 1 ? button('Previous picture', 'back', () => step(-1), '.lightbox-nav.previous') : '',
    stage,
    order.length > 1 ? button('Next picture', 'back', () => step(1), '.lightbox-nav.next') : '',
    el('footer.lightbox-foot', null, words, path));
  dialog.addEventListener('keydown', (event) => {
    const act = {ArrowLeft: () => step(-1), ArrowRight: () => step(1), '+': () => zoom.by(1.5), '=': () => zoom.by(1.5), '-': () => zoom.by(1 / 1.5), 0: () => zoom.reset()}[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  dialog.addEventListener('close', () => {
    zoom.end();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  show(shown);
}
