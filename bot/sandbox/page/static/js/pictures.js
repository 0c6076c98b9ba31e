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
    return {url: fileUrl(full.file_id), thumb: fileUrl(thumb.file_id), width: full.width, height: full.height, name: `photo-${message.message_id}.jpg`, unique: `${full.width}x${full.height}:${full.file_size}`};
  }
  const document_ = message?.document;
  if (document_?.mime_type?.startsWith('image/') && !/svg|tiff|heic|heif/.test(document_.mime_type)) {
    const small = document_.thumbnail ?? document_.thumb;
    return {url: fileUrl(document_.file_id), thumb: fileUrl((small ?? document_).file_id), name: document_.file_name ?? 'picture', unique: null};
  }
  return null;
}

const wishOf = (message) => (message?.text ?? message?.caption ?? '').trim();
const SHOWS_OTHERS = /^\/(tree|compare|context)(@\w+)?(\s|$)/; // the answer is a picture of pictures, and no step
const isCommand = (text, command) => new RegExp(`^/${command}(@\\w+)?(\\s|$)`).test(text);

/**
 * All pictures in a conversation, oldest first: `nodes` by message id, each {id, message, picture, byBot, wish, parents,
 * children}, and `copies`: messages that show a picture once more, with the id of its node.
 * `messages` are oldest first; `isBot(user)` says whether a user is the bot.
 */
export function pictureTree(messages, isBot) {
  const nodes = new Map();
  const byId = new Map(messages.map((m) => [m.message_id, m]));
  const bases = new Map(); // message id of a wish -> ids of the pictures that it starts from
  const copies = new Map(); // message id of a picture shown again -> id of its node
  let head = [];
  let wish = null;
  let board = false; // whether the bot's next picture only shows others
  let before = null; // where head goes back to when a wish with pictures of its own fails

  // A picture that the bot shows once more (after /undo, or as a file) is the same node, not a new one. Photos of equal
  // size in pixels and bytes are taken for the same.
  const sameAs = (m) => {
    const twin = [...nodes.values()].find((n) => n.picture.unique && n.picture.unique === pictureOf(m).unique);
    return twin ? [twin.id] : null;
  };
  const newestOfBot = () => [...nodes.values()].filter((n) => n.byBot).slice(-1).map((n) => n.id);
  const albumOf = (m) => (m.media_group_id ? messages.filter((x) => x.media_group_id === m.media_group_id) : [m]).filter(pictureOf).map((x) => x.message_id);
  const wordsOf = (m) => wishOf(m) || wishOf(messages.find((x) => x.media_group_id && x.media_group_id === m?.media_group_id && wishOf(x)));
  const target = (m) => {
    const id = m.reply_to_message?.message_id;
    if (copies.has(id)) return [copies.get(id)];
    return nodes.has(id) ? albumOf(byId.get(id)) : null;
  };

  for (const m of messages) {
    const byBot = isBot(m.from);
    const text = wishOf(m);
    const replied = target(m);
    if (!byBot && SHOWS_OTHERS.test(text)) {
      board = true;
    } else if (byBot && board) {
      board = false;
    } else if (!byBot) {
      if (isCommand(text, 'new')) head = [];
      else if (isCommand(text, 'undo')) head = head.flatMap((id) => nodes.get(id)?.parents ?? []);
      const own = pictureOf(m) ? albumOf(m) : null;
      if (own) addNode(m, replied ?? [], false, null);
      bases.set(m.message_id, own ?? replied ?? head);
      before = own && wordsOf(m) ? before ?? head : null;
      if (own) head = own;
      if (!m.media_group_id || m.media_group_id !== wish?.media_group_id) wish = m;
    } else if (pictureOf(m)) {
      const asked = byId.get(m.reply_to_message?.message_id);
      const request = asked && !isBot(asked.from) ? asked : wish;
      const shown = sameAs(m) ?? (m.document ? replied ?? newestOfBot() : null);
      if (shown?.length) shown.forEach((id) => copies.set(m.message_id, id));
      else addNode(m, bases.get(request?.message_id) ?? head, true, request);
      before = null;
      if (!m.document || !shown) head = shown ?? (m.media_group_id ? albumOf(m) : [m.message_id]);
    } else if (before) {
      head = before; // words instead of a picture: the wish failed, and a failed wish is never continued
      before = null;
    } else if (replied) {
      head = replied; // the bot points at a picture: "back to this one"
    }
  }

  function addNode(m, parents, byBot, request) {
    const known = parents.filter((id) => nodes.has(id) && id !== m.message_id);
    nodes.set(m.message_id, {id: m.message_id, message: m, picture: pictureOf(m), byBot, wish: wordsOf(byBot ? request : m), parents: known, children: []});
    for (const id of known) nodes.get(id).children.push(m.message_id);
  }
  return {nodes, copies};
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
