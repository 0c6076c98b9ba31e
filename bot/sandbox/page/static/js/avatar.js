/* Round pictures of people, groups and the bot: initials on a calm colour, or a drawing. Imports dom, icons, format. */

import {el} from './dom.js';
import {hue, initials, name} from './format.js';
import {icon} from './icons.js';
import {isBot, state} from './store.js';

/** Avatar of a user. It is decoration: the name is written beside it. */
export function userAvatar(user, extra = '') {
  if (isBot(user)) return el(`span.avatar${extra}`, {'aria-hidden': 'true'}, el('img', {src: '/static/img/icon.svg', alt: '', width: '40', height: '40'}));
  return el(`span.avatar.hue-${hue(user?.id)}${extra}`, {'aria-hidden': 'true'}, initials(name(user)));
}

/** Avatar of a chat: the bot's for a private one. */
export function chatAvatar(chat, extra = '') {
  if (chat.type === 'private') return userAvatar(state.bot, extra);
  return el(`span.avatar.hue-${hue(chat.id)}${extra}`, {'aria-hidden': 'true'}, chat.title ? initials(chat.title) : icon('group'));
}

/** What a chat is called on this page. */
export const chatTitle = (chat) => (chat.type === 'private' ? name(state.bot) : chat.title || 'Group');
