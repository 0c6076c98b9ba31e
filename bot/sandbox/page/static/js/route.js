/* Which person, chat and topic are shown, kept in the address (#/person/chat/topic): reload, the back button and two
   windows with two people all work by themselves. Imports store only. */

import {emit, state} from './store.js';

export function readRoute() {
  const [me, chat, topic] = location.hash.replace(/^#\/?/, '').split('/');
  const number = (text) => (/^-?\d+$/.test(text ?? '') ? Number(text) : null);
  return {me: number(me), chatId: number(chat), topic: number(topic) ?? 0};
}

export function routeTo(chatId, topic = 0, me = state.me?.id) {
  return `#/${[me, chatId, topic || null].filter((part) => part !== null && part !== undefined).join('/')}`;
}

/** Go to a chat; `replace` leaves no step in the browser's history. */
export function go(chatId, topic = 0, {me = state.me?.id, replace = false} = {}) {
  const hash = routeTo(chatId, topic, me);
  if (location.hash === hash) return;
  if (replace) {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = hash;
  }
}

/** Put the route's chat into the state. A chat that this person does not see counts as none. */
export function applyRoute() {
  const route = readRoute();
  const chatId = state.chats.has(route.chatId) ? route.chatId : null;
  const topic = chatId !== null && state.chats.get(chatId).is_forum ? route.topic : 0;
  if (chatId === state.chatId && topic === state.topic) return;
  state.chatId = chatId;
  state.topic = topic;
  emit('route');
}
