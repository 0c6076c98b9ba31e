/* The pictures of a conversation: the one in a message, and which came from which. The bot itself keeps that tree and
   tells it; nothing here is guessed from the order of messages. Imports api. */

import {api, fileUrl} from './api.js';

/** The picture in a message: {url, thumb, width, height, name} or null. */
export function pictureOf(message) {
  if (message?.photo?.length) {
    const sizes = [...message.photo].sort((a, b) => a.width - b.width);
    const full = sizes.at(-1);
    const thumb = sizes.find((size) => Math.max(size.width, size.height) >= 200) ?? full;
    return {url: fileUrl(full.file_id), thumb: fileUrl(thumb.file_id), width: full.width, height: full.height, name: `photo-${message.message_id}.jpg`};
  }
  const document_ = message?.document;
  if (document_?.mime_type?.startsWith('image/') && !/svg|tiff|heic|heif/.test(document_.mime_type)) {
    const small = document_.thumbnail ?? document_.thumb;
    return {url: fileUrl(document_.file_id), thumb: fileUrl((small ?? document_).file_id), name: document_.file_name ?? 'picture'};
  }
  return null;
}

/**
 * Ask for the bot's tree of a conversation: its turns by number, oldest first, each {number, parent, wish, current,
 * sent, shown, again, children}. `sent` and `shown` are messages with a picture; `again` are ids of messages that show
 * one of `shown` once more; `children` are turns.
 */
export async function turnsOf(chatId, topic) {
  const answer = await api.tree(chatId, topic);
  const messages = new Map(answer.messages.filter(pictureOf).map((m) => [m.message_id, m]));
  const known = (ids) => ids.map((id) => messages.get(id)).filter(Boolean);
  const turns = new Map(answer.turns.map((turn) => [turn.number, {...turn, sent: known(turn.sent), shown: known(turn.shown), children: []}]));
  for (const turn of turns.values()) turns.get(turn.parent)?.children.push(turn);
  return turns;
}

/** The pictures that led to the one in a message, oldest first, itself last: [{message, wish}]; a sent one has no wish. */
export function pathTo(turns, id) {
  const has = (turn) => turn.again.includes(id) || turn.shown.some((m) => m.message_id === id);
  const path = [];
  for (let turn = [...turns.values()].find(has); turn; turn = turns.get(turn.parent)) {
    const shown = turn.shown.find((m) => m.message_id === id) ?? turn.shown.at(-1);
    if (shown) path.unshift({message: shown, wish: turn.wish});
    path.unshift(...turn.sent.map((message) => ({message, wish: null})));
  }
  return path;
}
