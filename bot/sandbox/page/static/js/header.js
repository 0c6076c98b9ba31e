/* The bar above the conversation: who it is with, what the other side is doing, and the way to the panes at the right.
   Below it the topics of a forum. Imports the store and overlays. */

import {chatAvatar, chatTitle} from './avatar.js';
import {$, batched, el, fill, part} from './dom.js';
import {action, count} from './format.js';
import {icon} from './icons.js';
import {routeTo} from './route.js';
import {actionOf, isBlocked, state, subscribe} from './store.js';

/** Draw the bar and keep it current. `on`: info(), hood(), back(), newTopic(). `panel()` names the open pane. */
export function startHeader(on, panel) {
  const draw = batched(() => {
    const chat = state.chats.get(state.chatId);
    drawBar(chat, on, panel);
    drawTopics(chat, on);
    drawOffline();
  });
  subscribe(({kind}) => kind !== 'draft' && draw());
  draw();
  return draw;
}

function drawBar(chat, on, panel) {
  const bar = $('chat-head');
  const open = panel();
  part(bar, 'bar', JSON.stringify([chat?.id, chat?.title, chat?.type]), () => {
    if (!chat) return el('div.head-bar');
    return el('div.head-bar', null,
      el('button.icon-button.back', {type: 'button', 'aria-label': 'Back to the chats', on: {click: on.back}}, icon('back')),
      el('button.head-who', {type: 'button', id: 'chat-info', title: 'About this chat', 'aria-expanded': 'false', on: {click: on.info}},
        chatAvatar(chat), el('span.head-text', null, el('span.head-title', {dir: 'auto', text: chatTitle(chat)}), el('span.head-status'))),
      el('button.icon-button', {type: 'button', id: 'hood-toggle', 'aria-label': 'Under the hood', title: 'Under the hood', 'aria-expanded': 'false', on: {click: on.hood}}, icon('layers')));
  });
  if (!chat) return;
  $('hood-toggle').setAttribute('aria-expanded', String(open === 'hood'));
  $('chat-info').setAttribute('aria-expanded', String(open === 'info'));
  const status = bar.querySelector('.head-status');
  const words = statusWords(chat);
  if (status.dataset.words === words.text) return;
  status.dataset.words = words.text;
  status.classList.toggle('active', words.active);
  fill(status, el('span', {text: words.text}), words.active ? el('span.dots', {'aria-hidden': 'true'}, el('i'), el('i'), el('i')) : null);
}

function statusWords(chat) {
  if (!state.online) return {text: 'connecting…', active: false};
  const busy = actionOf(chat.id, chat.is_forum ? state.topic : null);
  if (busy) return {text: chat.type === 'private' ? action(busy) : `${chatTitle({type: 'private'})} is ${action(busy)}`, active: true};
  if (chat.type === 'private') return {text: isBlocked(chat) ? 'blocked' : 'bot', active: false};
  const members = (chat.members ?? []).filter((id) => id !== state.bot?.id).length + (chat.bot_is_member ? 1 : 0);
  return {text: `${count(members, 'member')}${chat.type === 'supergroup' ? ' · supergroup' : ''}`, active: false};
}

function drawTopics(chat, on) {
  const nav = $('topics');
  nav.hidden = !chat?.is_forum;
  if (nav.hidden) return;
  const topics = [{id: 0, name: 'General', closed: false}, ...(chat.topics ?? []).filter((t) => t.id > 1)];
  part(nav, 'topics', JSON.stringify([chat.id, topics, state.topic, state.me.id]), () => el('div.topic-row', null,
    topics.map((topic) => el('a.topic', {href: routeTo(chat.id, topic.id), 'aria-current': topic.id === state.topic ? 'page' : null},
      topic.closed ? icon('lock', 14) : icon('hash', 14), el('span', {dir: 'auto', text: topic.name}), topic.closed ? el('span.hidden-text', {text: ' (closed)'}) : null)),
    el('button.topic.add', {type: 'button', 'aria-label': 'New topic', on: {click: on.newTopic}}, icon('plus', 16))));
  nav.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

function drawOffline() {
  const banner = $('offline');
  banner.hidden = state.online;
  const words = state.online ? '' : 'The sandbox is not answering. This page goes on by itself as soon as it is back.';
  if (banner.textContent !== words) banner.textContent = words;
}
