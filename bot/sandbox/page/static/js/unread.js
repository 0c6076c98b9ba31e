/* Remembers, for each person, how far each chat was read, in this browser. Imports store only. */

import {emit, messagesOf, state} from './store.js';

const key = (chatId) => `read:${state.me?.id}:${chatId}`;
const memory = new Map(); // used where localStorage is forbidden

export function remember(name, value) {
  memory.set(name, value);
  try { localStorage.setItem(name, value); } catch { /* the memory above still serves this visit */ }
}

export function recall(name) {
  try { return localStorage.getItem(name) ?? memory.get(name) ?? null; } catch { return memory.get(name) ?? null; }
}

export const readUpTo = (chatId) => Number(recall(key(chatId)) ?? 0);

/** How many messages of others came after the last one read. */
export function unread(chatId) {
  const mark = readUpTo(chatId);
  return messagesOf(chatId).filter((m) => m.message_id > mark && m.from?.id !== state.me?.id).length;
}

/** Mark all that is known of a chat as read. */
export function markRead(chatId) {
  const last = messagesOf(chatId).at(-1);
  if (!last || last.message_id === readUpTo(chatId)) return;
  remember(key(chatId), String(last.message_id));
  emit('read', chatId);
}
