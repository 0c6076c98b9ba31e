/* The person API over HTTP: one function for each thing that a person can do. Every failure is an Error whose message
   is a sentence for a person. Imports nothing; it never touches the page. */

const SILENT = 'The sandbox does not answer. It may be restarting.';

async function call(path, init) {
  let response;
  try {
    response = await fetch(path, {...init, cache: 'no-store', credentials: 'same-origin'});
  } catch (cause) {
    throw new Error(SILENT, {cause});
  }
  const body = await response.text();
  let answer = null;
  try {
    answer = body ? JSON.parse(body) : {};
  } catch {
    throw new Error(`The sandbox gave an answer that is not JSON (status ${response.status}).`);
  }
  if (!response.ok) throw new Error(answer.error ?? answer.description ?? `The sandbox refused this (status ${response.status}).`);
  return answer;
}

const get = (path, query = {}) => {
  const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== undefined && v !== null));
  return call(search.size ? `${path}?${search}` : path);
};

const post = (path, json) =>
  call(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(json)});

export const fileUrl = (fileId) => `/sandbox/files/${encodeURIComponent(fileId)}`;
export const EVENTS_URL = '/sandbox/events';

export const api = {
  state: (as) => get('/sandbox/state', {as}),
  tree: (chatId, topic) => get(`/sandbox/chats/${chatId}/tree`, {topic}),
  messages: (chatId, {before, limit = 60, as} = {}) => get(`/sandbox/chats/${chatId}/messages`, {before, limit, as}),

  /** Send words and files; several photos become an album. `files` are File objects. */
  send({as, chatId, text, topic, replyTo, files = [], asFile = false}) {
    if (!files.length) return post('/sandbox/send', compact({as, chat_id: chatId, text, topic, reply_to: replyTo}));
    const form = new FormData();
    const fields = compact({as, chat_id: chatId, text: text || null, topic, reply_to: replyTo, as_file: asFile ? 'true' : null});
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    for (const file of files) form.append('files', file, file.name);
    return call('/sandbox/send', {method: 'POST', body: form});
  },

  edit: (as, chatId, messageId, text) => post('/sandbox/edit', {as, chat_id: chatId, message_id: messageId, text}),
  forward: (as, from, messageId, to) => post('/sandbox/forward', {as, from_chat_id: from, message_id: messageId, chat_id: to}),
  pay: (as, chatId, messageId) => post('/sandbox/pay', {as, chat_id: chatId, message_id: messageId}),
  press: (as, chatId, messageId, data) => post('/sandbox/press', {as, chat_id: chatId, message_id: messageId, data}),
  callback: (id) => get(`/sandbox/callbacks/${encodeURIComponent(id)}`),
  type: (as, chatId, words) => post('/sandbox/type', {as, chat_id: chatId, words}),
  offered: (queryId) => get(`/sandbox/queries/${encodeURIComponent(queryId)}`),
  choose: (as, chatId, queryId, resultId) => post('/sandbox/choose', {as, chat_id: chatId, query_id: queryId, result_id: resultId}),
  react: (as, chatId, messageId, emoji) => post('/sandbox/react', {as, chat_id: chatId, message_id: messageId, emoji}),
  newGroup: (group) => post('/sandbox/groups', group),
  members: (as, chatId, {add = [], remove = []}) => post('/sandbox/members', {as, chat_id: chatId, add, remove}),
  upgrade: (as, chatId) => post('/sandbox/upgrade', {as, chat_id: chatId}),
  newTopic: (as, chatId, name) => post('/sandbox/topics', {as, chat_id: chatId, name}),
  closeTopic: (as, chatId, topic, close) => post('/sandbox/topics', {as, chat_id: chatId, topic, close}),
  rights: (as, chatId, rights) => post('/sandbox/rights', {as, chat_id: chatId, ...rights}),
  privacy: (on) => post('/sandbox/privacy', {on}),
  block: (as, on) => post('/sandbox/block', {as, on}),
  stop: (as, {chat_id, draft_id, topic}) => post('/sandbox/stop', {as, chat_id, draft_id, topic}),
  provider: () => get('/sandbox/provider'),
  setProvider: (mode, delay) => post('/sandbox/provider', compact({mode, delay_s: delay})),
  lastExchange: () => get('/sandbox/provider/last'),
};

function compact(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined && v !== null));
}
