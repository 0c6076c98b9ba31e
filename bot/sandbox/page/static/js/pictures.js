/* Which picture came from which, as far as the messages of a conversation tell: replies, albums, the wish before an
   answer, /undo and /new. The bot keeps the true tree; this one is read off the chat alone. Pure.
   Imports api for addresses of files. */

import {fileUrl} from './api.js';

/** The picture in a message: {url, thumb, width, height, name, original} or null. */
export function pictureOf(message) {
  if (message?.photo?.length) {
    const sizes = [...message.photo].sort((a, b) => a.width - b.width);
    const full = sizes.at(-1);
    const thumb = sizes.find((size) => Math.max(size.width, size.height) >= 200) ?? full;
    return {url: fileUrl(full.file_id), thumb: fileUrl(thumb.file_id), width: full.width, height: full.height, name: `photo-${message.message_id}.jpg`, original: false};
  }
  const document_ = message?.document;
  if (document_?.mime_type?.startsWith('image/') && !/svg|tiff|heic|heif/.test(document_.mime_type)) {
    const small = document_.thumbnail ?? document_.thumb;
    return {url: fileUrl(document_.file_id), thumb: fileUrl((small ?? document_).file_id), name: document_.file_name ?? 'picture', original: true};
  }
  return null;
}

const wishOf = (message) => (message?.text ?? message?.caption ?? '').trim();
const isCommand = (text, command) => new RegExp(`^/${command}(@\\w+)?(\\s|$)`).test(text);

/**
 * Nodes of all pictures in a conversation, oldest first: {id, message, picture, byBot, wish, parents, children}.
 * `messages` are oldest first; `isBot(user)` tells the bot's messages.
 */
export function pictureTree(messages, isBot) {
  const nodes = new Map();
  const byId = new Map(messages.map((m) => [m.message_id, m]));
  const bases = new Map(); // message id of a wish -> ids of the pictures that it starts from
  let head = [];
  let wish = null;

  const albumOf = (m) => (m.media_group_id ? messages.filter((x) => x.media_group_id === m.media_group_id) : [m]).filter(pictureOf).map((x) => x.message_id);
  const target = (m) => (m.reply_to_message && nodes.has(m.reply_to_message.message_id) ? albumOf(byId.get(m.reply_to_message.message_id)) : null);

  for (const m of messages) {
    const byBot = isBot(m.from);
    const text = wishOf(m);
    const replied = target(m);
    if (!byBot) {
      if (isCommand(text, 'new')) head = [];
      else if (isCommand(text, 'undo')) head = head.flatMap((id) => nodes.get(id)?.parents ?? []);
      const own = pictureOf(m) ? albumOf(m) : null;
      if (own) addNode(m, replied ?? [], false, null);
      bases.set(m.message_id, own ?? replied ?? head);
      if (own) head = own;
      wish = m;
    } else if (pictureOf(m)) {
      const asked = byId.get(m.reply_to_message?.message_id);
      const isCopy = Boolean(m.document) && asked && isBot(asked.from);
      const request = asked && !isBot(asked.from) ? asked : wish;
      addNode(m, isCopy ? replied ?? [] : bases.get(request?.message_id) ?? head, true, request);
      if (!isCopy) head = m.media_group_id ? albumOf(m) : [m.message_id];
    } else if (replied) {
      head = replied; // the bot points at a picture: "back to this one"
    }
  }

  function addNode(m, parents, byBot, request) {
    const known = parents.filter((id) => nodes.has(id) && id !== m.message_id);
    nodes.set(m.message_id, {id: m.message_id, message: m, picture: pictureOf(m), byBot, wish: wishOf(byBot ? request : m), parents: known, children: []});
    for (const id of known) nodes.get(id).children.push(m.message_id);
  }
  return nodes;
}

/** The pictures that led to one, oldest first, itself last. A step that took several pictures lists all of them. */
export function pathTo(nodes, id) {
  const path = [];
  const seen = new Set();
  let level = nodes.has(id) ? [id] : [];
  while (level.length) {
    const fresh = level.filter((x) => !seen.has(x));
    fresh.forEach((x) => seen.add(x));
    path.unshift(...fresh.map((x) => nodes.get(x)));
    level = fresh.length ? nodes.get(fresh[0]).parents : [];
  }
  return path;
}
