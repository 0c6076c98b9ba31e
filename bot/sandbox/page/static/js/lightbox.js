/* A picture at full size: zoom and drag, the next one by arrow keys, download, a pen to mark a place with, and the path
   of pictures that led to it. Imports pictures, pen, outbox, dom, the store. */

import {download} from './actions.js';
import {el, fill} from './dom.js';
import {fullTime, name} from './format.js';
import {icon} from './icons.js';
import {submit} from './outbox.js';
import {startPen} from './pen.js';
import {pathTo, pictureOf, turnsOf} from './pictures.js';
import {conversation, isBot, personById, state} from './store.js';
import {jumpTo, scrollToEnd} from './timeline.js';
import {zoomable} from './zoom.js';

/** What a wish about a message must begin with for the bot to get it: among others it sees little but replies to it. */
function callFor(message) {
  const chat = state.chats.get(state.chatId);
  if (!chat || chat.type === 'private' || chat.bot_reads_all) return '';
  if (!chat.bot_is_member) return `@${state.bot.username} `;
  return isBot(message.from) ? '' : `/edit@${state.bot.username} `;
}

/** Show the picture of a message, with all pictures of its conversation beside it. */
export function openLightbox(message) {
  const order = conversation(state.chatId, state.topic).filter(pictureOf);
  let turns = new Map();
  let shown = message;
  let pen = null; // while a person draws

  const dialog = el('dialog.lightbox', {'aria-label': 'Picture'});
  const head = el('div.lightbox-who');
  const image = el('img', {alt: '', draggable: 'false'});
  const stage = el('div.lightbox-stage', null, image);
  const words = el('p.lightbox-words', {dir: 'auto'});
  const path = el('nav.lightbox-path', {'aria-label': 'The path that led to this picture'});
  const zoom = zoomable(stage, image, () => dialog.close());
  const button = (label, iconName, act, extra = '') => el(`button.icon-button${extra}`, {type: 'button', 'aria-label': label, title: label, on: {click: act}}, icon(iconName));
  const at = () => order.findIndex((m) => m.message_id === shown.message_id);
  const step = (by) => show(order[(at() + by + order.length) % order.length]);
  const mark = button('Mark a place', 'edit', startMarking);

  function show(next) {
    shown = next;
    zoom.reset();
    image.src = pictureOf(shown).url;
    image.alt = shown.caption ?? 'Picture';
    const author = isBot(shown.from) ? state.bot : personById(shown.from?.id) ?? shown.from;
    fill(head, el('strong', {dir: 'auto', text: name(author)}), el('span', {text: fullTime(shown.date)}));
    words.textContent = shown.caption ?? '';
    words.hidden = !words.textContent;
    drawPath(pathTo(turns, shown.message_id));
  }

  function startMarking() {
    if (pen) return stopMarking();
    zoom.reset();
    const replyTo = shown.message_id;
    pen = startPen(stage, image, {call: callFor(shown), leave: stopMarking, send: (file, text) => {
      dialog.close();
      scrollToEnd();
      submit({text, files: [file], replyTo});
    }});
    dialog.classList.add('marking');
    foot.append(pen.bar);
    return undefined;
  }

  function stopMarking() {
    pen?.end();
    pen = null;
    dialog.classList.remove('marking');
  }

  function drawPath(steps) {
    path.hidden = steps.length < 2;
    // What the bot drew to show something, such as the tree, is no picture of the conversation.
    mark.hidden = turns.size > 0 && !steps.length && isBot(shown.from);
    fill(path, el('h2', {text: 'The path that led here'}), el('ol', null, steps.map(({message: m, wish}, i) => el('li', null,
      wish === null ? null : el('span.step-wish', {dir: 'auto', text: wish || '…', title: wish}),
      el('button.step', {type: 'button', 'aria-current': i === steps.length - 1 ? 'step' : null, 'aria-label': `${wish === null ? 'Sent photo' : `After “${wish}”`}. Show`, on: {click: () => show(m)}},
        el('img', {src: pictureOf(m).thumb, alt: '', width: '72', height: '72'}))))));
    path.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'center'});
  }

  const foot = el('footer.lightbox-foot', null, words, path);
  dialog.append(
    el('header.lightbox-head', null, head, el('div.lightbox-tools', null,
      button('Show in the chat', 'reply', () => { dialog.close(); jumpTo(shown.message_id); }),
      mark, button('Smaller', 'minus', () => zoom.by(1 / 1.5)), button('Larger', 'plus', () => zoom.by(1.5)),
      button('Download', 'download', () => download(pictureOf(shown).url, pictureOf(shown).name)),
      button('Close', 'close', () => dialog.close()))),
    order.length > 1 ? button('Previous picture', 'back', () => step(-1), '.lightbox-nav.previous') : '',
    stage,
    order.length > 1 ? button('Next picture', 'back', () => step(1), '.lightbox-nav.next') : '',
    foot);
  dialog.addEventListener('cancel', (event) => {
    if (!pen) return;
    event.preventDefault();
    stopMarking();
  });
  dialog.addEventListener('keydown', (event) => {
    if (pen) return;
    const act = {ArrowLeft: () => step(-1), ArrowRight: () => step(1), '+': () => zoom.by(1.5), '=': () => zoom.by(1.5), '-': () => zoom.by(1 / 1.5), 0: () => zoom.reset()}[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  dialog.addEventListener('close', () => {
    stopMarking();
    zoom.end();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  show(message);
  turnsOf(state.chatId, state.topic).then((found) => {
    turns = found;
    drawPath(pathTo(turns, shown.message_id));
  }, () => {}); // without the path, the picture is still there to be seen
}
