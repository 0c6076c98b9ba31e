/* The pane about a chat: members, topics, what the bot may do in a group; the bot's commands in a private chat.
   Imports api, overlays, panel, the store. */

import {api} from './api.js';
import {chatAvatar, chatTitle, userAvatar} from './avatar.js';
import {batched, el, fill} from './dom.js';
import {count, name} from './format.js';
import {icon} from './icons.js';
import {addMemberDialog, newTopicDialog} from './newgroup.js';
import {tell} from './overlay.js';
import {closePanel, togglePanel} from './panel.js';
import {go} from './route.js';
import {isBlocked, state, subscribe, takeChat, takeState} from './store.js';

const RIGHTS = [
  ['can_send_messages', 'Send messages'], ['can_send_photos', 'Send photos'], ['can_send_documents', 'Send files'],
];
let redraw = null;

/** Open or close the pane about the chat that is shown. */
export function toggleInfo() {
  togglePanel('info', state.chats.get(state.chatId)?.type === 'private' ? 'About the bot' : 'About the group', (body) => {
    redraw = batched(() => draw(body));
    draw(body);
    return () => {
      redraw = null;
    };
  });
}

subscribe(({kind}) => (kind === 'state' || kind === 'route') && redraw?.());

const reload = async () => takeState(await api.state(state.me.id));
const run = (work) => tell((async () => {
  await work();
  await reload();
})());

function draw(body) {
  const chat = state.chats.get(state.chatId);
  if (!chat) return closePanel();
  const focus = document.activeElement?.dataset?.keep;
  fill(body, head(chat), ...(chat.type === 'private' ? aboutBot(chat) : aboutGroup(chat)));
  if (focus) body.querySelector(`[data-keep="${CSS.escape(focus)}"]`)?.focus();
  return undefined;
}

function head(chat) {
  const people = (chat.members ?? []).filter((id) => id !== state.bot?.id).length + (chat.bot_is_member ? 1 : 0);
  const kind = chat.is_forum ? 'forum' : chat.type;
  return el('section.about', null, chatAvatar(chat, '.large'), el('h3', {dir: 'auto', text: chatTitle(chat)}),
    el('p.quiet', {text: chat.type === 'private' ? `@${state.bot.username}` : `${kind} · ${count(people, 'member')}`}));
}

const section = (title, ...children) => el('section.block', null, el('h3', {text: title}), children);
const row = (iconName, label, act, keep) => el('button.list-button', {type: 'button', data: {keep}, on: {click: act}}, icon(iconName, 20), el('span', {text: label}));
const toggle = (label, on, change, hint, keep) => el('label.switch', null, el('input', {type: 'checkbox', role: 'switch', checked: on, data: {keep}, on: {change: (event) => change(event.target.checked)}}),
  el('span', null, label, hint ? el('span.switch-hint', {text: hint}) : null));

function aboutBot(chat) {
  const commands = state.commands.private ?? [];
  return [
    commands.length ? section('Commands', el('dl.commands', null, commands.map((c) => el('div', null, el('dt', {text: `/${c.command}`}), el('dd', {dir: 'auto', text: c.description}))))) : null,
    section('Test the bot', toggle('Block the bot', isBlocked(chat), (on) => run(() => api.block(state.me.id, on)), 'it then gets “bot was blocked by the user”', 'block')),
  ];
}

function aboutGroup(chat) {
  return [membersOf(chat), chat.is_forum ? topicsOf(chat) : null, botIn(chat),
    chat.type === 'group' ? section('Grow', row('upgrade', 'Turn into a supergroup', () => upgrade(chat), 'upgrade')) : null];
}

function membersOf(chat) {
  const people = (chat.members ?? []).filter((id) => id !== state.bot?.id).map((id) => state.people.find((p) => p.id === id)).filter(Boolean);
  const member = (user, hint, target) => el('li.member', null, userAvatar(user, '.small'), el('span.pick-text', null, el('span', {dir: 'auto', text: name(user)}), hint ? el('span.pick-hint', {text: hint}) : null),
    target === null ? null : el('button.icon-button', {type: 'button', 'aria-label': `Remove ${name(user)}`, title: 'Remove', on: {click: () => run(() => api.members(state.me.id, chat.id, {remove: [target]}))}}, icon('close', 18)));
  return section('Members', el('ul.members', null,
    chat.bot_is_member ? member(state.bot, chat.bot_status === 'administrator' ? 'bot, administrator' : 'bot', 'bot') : null,
    people.map((p) => member(p, p.id === state.me.id ? 'you' : p.username ? `@${p.username}` : null, p.id === state.me.id ? null : p.id))),
  row('plus', 'Add someone', () => add(chat), 'add'));
}

async function add(chat) {
  const who = await addMemberDialog(chat);
  if (who) await run(() => api.members(state.me.id, chat.id, {add: [who]}));
}

async function upgrade(chat) {
  const grown = await tell(api.upgrade(state.me.id, chat.id));
  if (!grown) return;
  await tell(reload());
  const next = grown.chat ?? grown;
  if (!state.chats.has(next.id)) takeChat(next);
  go(next.id, 0, {replace: true});
}

function topicsOf(chat) {
  return section('Topics', el('ul.members', null, (chat.topics ?? []).filter((t) => t.id > 1).map((topic) => el('li.member', null, icon(topic.closed ? 'lock' : 'hash', 18), el('span.pick-text', {dir: 'auto', text: topic.name}),
    el('button.link-button', {type: 'button', 'aria-label': `${topic.closed ? 'Open' : 'Close'} the topic ${topic.name}`, on: {click: () => run(() => api.closeTopic(state.me.id, chat.id, topic.id, !topic.closed))}}, topic.closed ? 'Open' : 'Close')))),
  row('plus', 'New topic', () => newTopicDialog(chat), 'topic'));
}

function botIn(chat) {
  const can = chat.bot_can ?? {};
  const change = (rights) => run(() => api.rights(state.me.id, chat.id, rights));
  const all = state.bot.can_read_all_group_messages;
  return section('The bot', toggle('Privacy mode', !all, (on) => run(() => api.privacy(on)), 'on: it gets commands and replies to it, no mentions; a change counts for groups that it joins later', 'privacy'),
    chat.bot_is_member ? [
      toggle('Administrator', chat.bot_status === 'administrator', (on) => change({bot_admin: on}), 'administrators read everything', 'admin'),
      RIGHTS.map(([key, label]) => toggle(label, can[key] ?? true, (on) => change({bot_can: {...can, [key]: on}}), null, key)),
    ] : el('p.quiet', {text: `The bot is not in this group.${state.bot.supports_guest_queries ? ` As a guest it comes when somebody writes @${state.bot.username}.` : ''}`}));
}
