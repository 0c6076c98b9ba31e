/* The left pane: who is looking, the theme, and the list of chats. Imports the store, route and overlays. */

import {chatAvatar, chatTitle, userAvatar} from './avatar.js';
import {$, append, batched, el, fill, part, reconcile} from './dom.js';
import {action, fullTime, name, shortTime, summary} from './format.js';
import {icon} from './icons.js';
import {openMenu} from './overlay.js';
import {routeTo} from './route.js';
import {serviceText} from './service.js';
import {actionOf, isBot, lastMessage, personById, state, subscribe} from './store.js';
import {currentTheme, toggleTheme} from './theme.js';
import {unread} from './unread.js';

let openNewGroup = () => {};

/** Draw the pane and keep it current. `newGroup` opens the dialog for a new group. */
export function startSidebar({newGroup, switchPerson}) {
  openNewGroup = newGroup;
  const draw = batched(() => drawList());
  drawHead(switchPerson);
  subscribe(({kind}) => {
    if (kind === 'state') drawHead(switchPerson);
    if (kind !== 'draft') draw();
  });
  draw();
}

function drawHead(switchPerson) {
  if (!state.me) return;
  const signature = JSON.stringify([state.me, state.people, currentTheme()]);
  part($('sidebar-head'), 'head', signature, () => {
    const who = el('button.who', {type: 'button', 'aria-haspopup': 'menu', on: {click: () => peopleMenu(who, switchPerson)}},
      userAvatar(state.me), el('span.who-text', null, el('span.who-name', {text: name(state.me), dir: 'auto'}), el('span.who-hint', {text: 'switch person'})), icon('down', 16));
    const dark = currentTheme() === 'dark';
    return el('div.sidebar-bar', null, who,
      el('button.icon-button', {type: 'button', id: 'theme', 'aria-label': dark ? 'Switch to light' : 'Switch to dark', title: dark ? 'Light' : 'Dark', on: {click: () => { toggleTheme(); drawHead(switchPerson); }}}, icon(dark ? 'sun' : 'moon')),
      el('button.icon-button', {type: 'button', id: 'new-group', 'aria-label': 'New group', title: 'New group', on: {click: () => openNewGroup()}}, icon('group')));
  });
}

function peopleMenu(anchor, switchPerson) {
  openMenu(anchor, state.people.map((person) => ({
    label: name(person), before: userAvatar(person, '.small'), checked: person.id === state.me.id, run: () => switchPerson(person.id),
  })), {label: 'Switch person'});
}

/** Chats, the one with the newest message first. */
function ordered() {
  const weight = (chat) => lastMessage(chat.id)?.date ?? (chat.type === 'private' ? 1 : 0);
  return [...state.chats.values()].filter((chat) => !chat.migrated_to).sort((a, b) => weight(b) - weight(a));
}

function drawList() {
  if (!state.ready) return;
  const list = $('chat-list').querySelector('ul') ?? $('chat-list').appendChild(el('ul.chats'));
  reconcile(list, ordered().map((chat) => ({
    key: String(chat.id),
    make: () => el('li', null, el('a.chat-row')),
    update: (node) => drawRow(node.firstChild, chat),
  })));
  const total = [...state.chats.keys()].reduce((sum, id) => sum + unread(id), 0);
  const here = state.chats.get(state.chatId);
  document.title = `${total ? `(${total}) ` : ''}${here ? `${chatTitle(here)} · ` : ''}Pentimento sandbox`;
}

function drawRow(row, chat) {
  const last = lastMessage(chat.id);
  const busy = actionOf(chat.id);
  const news = unread(chat.id);
  const current = chat.id === state.chatId;
  const signature = JSON.stringify([chat.title, chat.type, last, busy, news, current, state.me.id]);
  if (row.dataset.signature === signature) return;
  row.dataset.signature = signature;
  row.href = routeTo(chat.id);
  if (current) row.setAttribute('aria-current', 'page');
  else row.removeAttribute('aria-current');
  fill(row, chatAvatar(chat),
    el('span.row-main', null,
      el('span.row-top', null,
        el('span.row-title', {dir: 'auto'}, chat.type === 'private' ? null : icon('group', 15), el('span', {text: chatTitle(chat)})),
        last ? el('time.row-time', {title: fullTime(last.date), text: shortTime(last.date)}) : null),
      el('span.row-bottom', null,
        el('span.row-last', {dir: 'auto'}, preview(chat, last, busy)),
        news ? el('span.badge', {text: news > 99 ? '99+' : news, 'aria-label': `${news} unread`}) : null)));
}

function preview(chat, last, busy) {
  if (busy) return el('span.row-action', {text: `${action(busy)}…`});
  if (!last) return el('span', {text: chat.type === 'private' ? 'Say what picture you would like' : 'No messages yet'});
  const service = serviceText(last);
  if (service) return el('span.row-action', {text: service});
  const mine = last.from?.id === state.me.id;
  const author = mine ? 'You: ' : chat.type === 'private' ? '' : `${name(isBot(last.from) ? state.bot : personById(last.from?.id) ?? last.from)}: `;
  const span = el('span', null, author ? el('span.row-author', {text: author}) : null);
  if (last.photo) append(span, [icon('picture', 15)]);
  if (last.document) append(span, [icon('file', 15)]);
  return append(span, [summary(last)]);
}
