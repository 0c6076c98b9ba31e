/* What can be done with one message: react, reply, edit, copy, forward, download. Opens the context menu and carries
   the choice out. Imports api, overlays, the store. */

import {api, fileUrl} from './api.js';
import {chatAvatar, chatTitle} from './avatar.js';
import {el} from './dom.js';
import {copy} from './keyboard.js';
import {fileOf} from './media.js';
import {openDialog, openMenu, tell, toast} from './overlay.js';
import {pictureOf} from './pictures.js';
import {reactionsOf, state} from './store.js';

const QUICK = ['👍', '❤', '🔥', '😁', '👏', '🎉', '👀', '👎'];
const mine = new Map(); // "me:chat:message" -> emoji that this person gave

/** React, or take the same reaction back. */
export async function react(message, emoji) {
  const key = `${state.me.id}:${message.chat.id}:${message.message_id}`;
  const there = reactionsOf(message.chat.id, message.message_id).some((r) => r.emoji === emoji);
  const next = mine.get(key) === emoji && there ? null : emoji;
  const done = await tell(api.react(state.me.id, message.chat.id, message.message_id, next));
  if (done !== undefined) mine.set(key, next);
}

/** Open the menu of a message at an element or a point. `on`: reply(message), edit(message), open(message). */
export function messageMenu(message, anchor, on) {
  const own = message.from?.id === state.me.id;
  const words = message.text ?? message.caption;
  const file = fileOf(message);
  const picture = pictureOf(message);
  let close = null;
  const bar = el('div.menu-reactions', {role: 'group', 'aria-label': 'React'}, QUICK.map((emoji) => el('button.quick', {
    type: 'button', role: 'menuitem', 'aria-label': `React with ${emoji}`, on: {click: () => { close(); react(message, emoji); }},
  }, emoji)));
  close = openMenu(anchor, [
    {icon: 'reply', label: 'Reply', run: () => on.reply(message)},
    own && words !== undefined && {icon: 'edit', label: message.caption !== undefined ? 'Edit caption' : 'Edit', run: () => on.edit(message)},
    words && {icon: 'copy', label: 'Copy text', run: () => copy(words)},
    picture && {icon: 'picture', label: 'Open picture', run: () => on.open(message)},
    (file || picture) && {icon: 'download', label: 'Download', run: () => download(file ? fileUrl(file.file_id) : picture.url, file?.file_name ?? picture.name)},
    {icon: 'forward', label: 'Forward', run: () => forward(message)},
  ], {label: 'Message', above: bar});
}

/** Save an address under a name, as a link with `download` does. */
export function download(url, name) {
  const link = el('a', {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
}

async function forward(message) {
  const target = await openDialog('Forward to', (close) => el('div.dialog-list', null, [...state.chats.values()].map((chat, i) =>
    el('button.list-button', {type: 'button', data: i ? {} : {focus: ''}, on: {click: () => close(chat)}}, chatAvatar(chat, '.small'), el('span', {dir: 'auto', text: chatTitle(chat)})))), {className: '.small'});
  if (!target) return;
  const done = await tell(api.forward(state.me.id, message.chat.id, message.message_id, target.id));
  if (done !== undefined) toast(`Forwarded to ${chatTitle(target)}`);
}
