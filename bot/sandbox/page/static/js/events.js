/* Listens to the sandbox's event stream and puts its events into the store. The page asks for data only after the
   stream is open, so that it misses nothing. After an interruption it asks for everything shown again, because a
   restarted sandbox may know less or more than before.
   Imports api and store. */

import {EVENTS_URL, api} from './api.js';
import * as store from './store.js';

const RETRY_MS = [300, 600, 1200, 2000];
const callbacks = new Map(); // callback query id -> function, or the answer that came before anybody asked

let source = null;
let attempts = 0;
let hooks = {onMessage() {}, onOpen() {}};

/** Start listening. `given`: onMessage(message, isNew), and onOpen() whenever what was missed must be asked for. */
export function listen(given) {
  hooks = {...hooks, ...given};
  open();
}

function open() {
  source?.close();
  source = new EventSource(EVENTS_URL);
  source.onopen = () => {
    attempts = 0;
    store.setOnline(true);
    hooks.onOpen();
  };
  source.onerror = () => {
    store.setOnline(false);
    // We retry ourselves: the browser waits seconds after a cut connection, and gives up after a refused one.
    source.close();
    setTimeout(open, RETRY_MS[Math.min(attempts++, RETRY_MS.length - 1)]);
  };
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
}

const known = (chatId) => store.state.chats.has(chatId);
const messageOf = (data) => data.message ?? data;

async function refreshState() {
  if (!store.state.me) return;
  store.takeState(await api.state(store.state.me.id));
}

const handlers = {
  message(data) {
    const message = messageOf(data);
    const isNew = !store.message(message.chat.id, message.message_id);
    store.takeMessage(message);
    if (known(message.chat.id)) hooks.onMessage(message, isNew);
    else if (message.chat.type !== 'private') refreshState().catch(() => {});
  },
  edited: (data) => store.takeMessage(messageOf(data)),
  deleted: (data) => store.dropMessage(data.chat_id, data.message_id),
  chat: (data) => store.takeChat(data.chat ?? data),
  action: (data) => store.takeAction(data),
  draft: (data) => store.takeDraft(data),
  reaction: (data) => store.takeReactions(data.chat_id, data.message_id, data.reactions),
  callback_answer: (data) => answered(data),
  commands: () => refreshState().catch(() => {}),
  state: (data) => (data.reload ? hooks.onOpen() : refreshState().catch(() => {})),
};

function answered(data) {
  const id = String(data.callback_query_id);
  const waiting = callbacks.get(id);
  if (typeof waiting === 'function') {
    callbacks.delete(id);
    waiting(data);
  } else {
    callbacks.set(id, data);
    setTimeout(() => callbacks.delete(id), 60000);
  }
}

/** The bot's answer to a pressed button, or null after `limit_ms` without one. */
export function callbackAnswer(id, limit_ms = 15000) {
  const early = callbacks.get(String(id));
  if (early) {
    callbacks.delete(String(id));
    return Promise.resolve(early);
  }
  return new Promise((resolve) => {
    callbacks.set(String(id), resolve);
    setTimeout(() => {
      callbacks.delete(String(id));
      resolve(null);
    }, limit_ms);
  });
}
