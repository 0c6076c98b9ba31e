/* The dialogs that make something: a group, a topic, and adding members. Imports api, overlays, the store. */

import {api} from './api.js';
import {userAvatar} from './avatar.js';
import {el} from './dom.js';
import {name} from './format.js';
import {openDialog, tell} from './overlay.js';
import {go} from './route.js';
import {state, takeChat} from './store.js';

const KINDS = [
  {value: 'group', label: 'Group', hint: 'a basic group, as Telegram makes it first'},
  {value: 'supergroup', label: 'Supergroup', hint: 'larger, with its own message numbers'},
  {value: 'forum', label: 'Forum', hint: 'a supergroup with topics; each is a conversation'},
];

const check = (user, checked, hint) => el('label.pick', null, el('input', {type: 'checkbox', name: 'member', value: String(user.id), checked}), userAvatar(user, '.small'),
  el('span.pick-text', null, el('span', {dir: 'auto', text: name(user)}), hint ? el('span.pick-hint', {text: hint}) : null));

/** Ask for title, kind and members of a new group, make it and go there. */
export async function newGroupDialog() {
  const title = el('input.field', {type: 'text', id: 'group-title', maxlength: '128', required: true, placeholder: 'Sunday painters', dir: 'auto', autocomplete: 'off', data: {focus: ''}});
  const group = await openDialog('New group', (close) => el('form.dialog-body', {on: {submit: (event) => {
    event.preventDefault();
    close(read(event.currentTarget, title.value.trim()));
  }}},
    el('label.field-label', {for: 'group-title', text: 'Title'}), title,
    el('fieldset.picks', null, el('legend', {text: 'Members'}), check(state.bot, true, 'the bot'),
      state.people.filter((p) => p.id !== state.me.id).map((p) => check(p, true))),
    el('fieldset.picks', null, el('legend', {text: 'Kind'}), KINDS.map((kind, i) => el('label.pick', null, el('input', {type: 'radio', name: 'kind', value: kind.value, checked: i === 0}),
      el('span.pick-text', null, el('span', {text: kind.label}), el('span.pick-hint', {text: kind.hint}))))),
    el('div.dialog-actions', null, el('button.button.plain', {type: 'button', on: {click: () => close()}}, 'Cancel'), el('button.button.primary', {type: 'submit', id: 'create-group'}, 'Create'))));
  if (!group) return;
  const chat = await tell(api.newGroup({as: state.me.id, ...group}));
  if (!chat) return;
  takeChat(chat.chat ?? chat);
  go((chat.chat ?? chat).id);
}

function read(form, title) {
  const picked = [...form.querySelectorAll('[name="member"]:checked')].map((box) => Number(box.value));
  const kind = form.querySelector('[name="kind"]:checked').value;
  return {
    title, members: picked.filter((id) => id !== state.bot.id), bot: picked.includes(state.bot.id),
    type: kind === 'group' ? 'group' : 'supergroup', is_forum: kind === 'forum',
  };
}

/** Ask for the name of a new topic and make it. */
export async function newTopicDialog(chat) {
  const field = el('input.field', {type: 'text', id: 'topic-name', maxlength: '128', required: true, dir: 'auto', autocomplete: 'off', data: {focus: ''}});
  const wanted = await openDialog('New topic', (close) => el('form.dialog-body', {on: {submit: (event) => {
    event.preventDefault();
    close(field.value.trim());
  }}}, el('label.field-label', {for: 'topic-name', text: 'Name'}), field,
  el('div.dialog-actions', null, el('button.button.plain', {type: 'button', on: {click: () => close()}}, 'Cancel'), el('button.button.primary', {type: 'submit'}, 'Create'))), {className: '.small'});
  if (!wanted) return;
  const made = await tell(api.newTopic(state.me.id, chat.id, wanted));
  if (made === undefined) return;
  takeState_(await tell(api.state(state.me.id)), chat.id, wanted);
}

function takeState_(answer, chatId, wanted) {
  const chat = answer?.chats.find((c) => c.id === chatId);
  if (!chat) return;
  takeChat(chat);
  const topic = chat.topics.findLast((t) => t.name === wanted);
  if (topic) go(chatId, topic.id);
}

/** Choose who is to be added; resolves to an id, "bot" or null. */
export function addMemberDialog(chat) {
  const absent = state.people.filter((p) => !chat.members.includes(p.id));
  return openDialog('Add to the group', (close) => el('div.dialog-list', null,
    chat.bot_is_member ? null : el('button.list-button', {type: 'button', on: {click: () => close('bot')}}, userAvatar(state.bot, '.small'), el('span', {text: name(state.bot)})),
    absent.map((p) => el('button.list-button', {type: 'button', on: {click: () => close(p.id)}}, userAvatar(p, '.small'), el('span', {text: name(p)}))),
    absent.length || !chat.bot_is_member ? null : el('p.quiet', {text: 'Everyone is here already.'})), {className: '.small'});
}
