/* What the page knows: people, chats, messages, reactions, drafts and actions, and who listens to changes. It holds
   data as the sandbox sends it and draws nothing. Imports api only. */

import {api} from './api.js';

export const PAGE = 60; // messages asked for at once

export const state = {
  me: null, people: [], bot: null, commands: {private: [], group: []}, chats: new Map(), online: true, ready: false,
  chatId: null, topic: 0, description: '', stars: 0, receipts: {},
};

const threads = new Map(); // chat id -> {messages: Map id -> Message, revision: Map id -> n, complete, loaded}
const reactions = new Map(); // "chat:message" -> [{type, emoji}]
const actions = new Map(); // "chat:topic" -> {action, until_ms}
const drafts = new Map(); // "chat:topic" -> {draft_id, text, entities}
const pending = new Map(); // local key -> {key, chatId, topic, text, files, error}
const listeners = new Set();
let revision = 0;

/** Call `listener({kind, chatId})` after every change; kinds: state, messages, action, draft, online, route, read. */
export function subscribe(listener) {
  listeners.add(listener);
}

export function emit(kind, chatId = null) {
  for (const listener of listeners) listener({kind, chatId});
}

export function thread(chatId) {
  if (!threads.has(chatId)) threads.set(chatId, {messages: new Map(), revision: new Map(), complete: false, loaded: false});
  return threads.get(chatId);
}

/** All known messages of a chat, oldest first. */
export function messagesOf(chatId) {
  return [...thread(chatId).messages.values()].sort((a, b) => a.message_id - b.message_id);
}

export const topicOf = (message) => (message.is_topic_message || message.forum_topic_created ? message.message_thread_id ?? 0 : 0);

/** The known messages of one conversation: in a forum those of the topic, elsewhere all. */
export function conversation(chatId, topic) {
  const all = messagesOf(chatId);
  return state.chats.get(chatId)?.is_forum ? all.filter((m) => topicOf(m) === topic) : all;
}

export const message = (chatId, id) => thread(chatId).messages.get(id) ?? null;
export const lastMessage = (chatId) => messagesOf(chatId).at(-1) ?? null;
export const reactionsOf = (chatId, id) => reactions.get(`${chatId}:${id}`) ?? [];
export const draftOf = (chatId, topic) => drafts.get(`${chatId}:${topic}`) ?? null;
export const pendingOf = (chatId, topic) => [...pending.values()].filter((p) => p.chatId === chatId && p.topic === topic);

/** The chat action that is on now in a conversation (or in any topic when `topic` is null). */
export function actionOf(chatId, topic = null) {
  const now = Date.now();
  for (const [key, value] of actions) {
    const [chat, thread_] = key.split(':').map(Number);
    if (chat === chatId && (topic === null || thread_ === topic) && value.until > now) return value.action;
  }
  return null;
}

export function personById(id) {
  if (state.bot?.id === id) return state.bot;
  return state.people.find((p) => p.id === id) ?? null;
}

/** Has the person blocked the bot in this private chat? */
export const isBlocked = (chat) => chat.type === 'private' && chat.bot_status === 'kicked';

/** The message that is the receipt of an invoice, or null where nobody has paid it. */
export const receiptOf = (invoice) => (invoice.chat.id === state.me?.id ? state.receipts[invoice.message_id] ?? null : null);

export const isBot = (user) => user?.id === state.bot?.id;

/* ---- events of the sandbox ---- */

export function takeState(answer) {
  state.me = answer.me;
  state.people = answer.people;
  state.bot = answer.bot;
  const commands = answer.commands ?? [];
  state.commands = Array.isArray(commands) ? {private: commands, group: commands} : {private: [], group: [], ...commands};
  state.chats = new Map(answer.chats.map((chat) => [chat.id, chat]));
  state.description = answer.description ?? '';
  state.stars = answer.stars ?? 0;
  state.receipts = answer.receipts ?? {}; // invoice -> receipt, both message ids of the private chat
  for (const draft of answer.drafts ?? []) drafts.set(`${draft.chat_id}:${draft.topic ?? 0}`, draft);
  [...state.chats.values()].filter(isBlocked).forEach((chat) => endDrafts(chat.id));
  state.ready = true;
  emit('state');
}

export function takeChat(chat) {
  const known = state.chats.has(chat.id);
  const mine = chat.type === 'private' ? chat.id === state.me?.id : (chat.members ?? []).includes(state.me?.id);
  if (mine) state.chats.set(chat.id, {...state.chats.get(chat.id), ...chat});
  else if (known) state.chats.delete(chat.id);
  if (isBlocked(chat)) endDrafts(chat.id);
  emit('state');
}

/** What a bot was doing in a chat ends when it is blocked: it could not even say that it stopped. */
function endDrafts(chatId) {
  for (const shown of [drafts, actions]) {
    for (const key of shown.keys()) if (key.startsWith(`${chatId}:`)) shown.delete(key);
  }
}

export function takeMessage(incoming) {
  const chatId = incoming.chat.id;
  const {messages, revision: revisions} = thread(chatId);
  messages.set(incoming.message_id, incoming);
  revisions.set(incoming.message_id, ++revision);
  if (isBot(incoming.from)) {
    const key = `${chatId}:${state.chats.get(chatId)?.is_forum ? topicOf(incoming) : 0}`;
    actions.delete(key);
    drafts.delete(key);
  }
  emit('messages', chatId);
}

export function dropMessage(chatId, id) {
  thread(chatId).messages.delete(id);
  emit('messages', chatId);
}

export function takeReactions(chatId, id, list) {
  reactions.set(`${chatId}:${id}`, list ?? []);
  emit('messages', chatId);
}

export function takeAction({chat_id: chatId, topic, action, until}) {
  const key = `${chatId}:${topic ?? 0}`;
  const end = until > 1e12 ? until : until > 0 ? until * 1000 : Date.now() + 5000;
  if (action) actions.set(key, {action, until: end});
  else actions.delete(key);
  emit('action', chatId);
  setTimeout(() => emit('action', chatId), Math.max(0, end - Date.now()) + 50);
}

export function takeDraft(draft) {
  const key = `${draft.chat_id}:${draft.topic ?? 0}`;
  if (typeof draft.text === 'string') drafts.set(key, draft);
  else drafts.delete(key);
  emit('draft', draft.chat_id);
}

export function setOnline(online) {
  if (state.online === online) return;
  state.online = online;
  emit('online');
}

/* ---- loading ---- */

/** Ask for the newest messages of a chat; on `fresh` forget those of the window that no longer exist. */
export async function loadNewest(chatId, fresh = false) {
  const asked = revision;
  const answer = await api.messages(chatId, {limit: PAGE, as: state.me.id});
  const room = thread(chatId);
  const ids = new Set(answer.messages.map((m) => m.message_id));
  const first = Math.min(...ids);
  if (fresh) {
    for (const id of [...room.messages.keys()]) {
      const gone = !ids.has(id) && (id > first || !ids.size) && (room.revision.get(id) ?? 0) <= asked;
      if (gone) room.messages.delete(id);
    }
  }
  merge(chatId, answer, asked);
  if (!room.loaded) room.complete = answer.messages.length < PAGE;
  room.loaded = true;
  emit('messages', chatId);
}

/** Ask for the messages before the oldest known one. Returns how many came. */
export async function loadOlder(chatId) {
  const room = thread(chatId);
  const oldest = messagesOf(chatId)[0];
  if (room.complete || !oldest) return 0;
  const answer = await api.messages(chatId, {before: oldest.message_id, limit: PAGE, as: state.me.id});
  merge(chatId, answer, revision);
  room.complete = answer.messages.length < PAGE;
  emit('messages', chatId);
  return answer.messages.length;
}

function merge(chatId, answer, asked) {
  const room = thread(chatId);
  for (const m of answer.messages) {
    if ((room.revision.get(m.message_id) ?? 0) > asked) continue; // an event that came meanwhile is newer
    room.messages.set(m.message_id, m);
    room.revision.set(m.message_id, revision);
  }
  for (const [id, list] of Object.entries(answer.reactions ?? {})) reactions.set(`${chatId}:${id}`, list);
}

/* ---- messages on their way ---- */

export function addPending(item) {
  pending.set(item.key, item);
  emit('messages', item.chatId);
}

export function updatePending(key, change) {
  const item = pending.get(key);
  if (!item) return;
  Object.assign(item, change);
  emit('messages', item.chatId);
}

export function removePending(key) {
  const item = pending.get(key);
  pending.delete(key);
  if (item) emit('messages', item.chatId);
}
