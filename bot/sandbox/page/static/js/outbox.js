/* Sends what a person wrote: shows it as on its way when that takes a moment, keeps it with the reason when it fails,
   and lets it be sent again. Imports api, store, overlays. */

import {api} from './api.js';
import {tell, toast} from './overlay.js';
import {addPending, pendingOf, removePending, state, takeMessage, topicOf, updatePending} from './store.js';

const SHOW_AFTER_MS = 150; // a quicker answer needs no bubble of its own
const ALBUM_MAX = 10; // Telegram's limit for one album

let serial = 0;
const parcels = new Map(); // pending key -> what to send

/** Send words and files to the conversation that is shown. Several photos become albums of at most ten. */
export async function submit({text = '', files = [], asFile = false, replyTo = null, chatId = state.chatId, topic = state.topic}) {
  const trimmed = text.trim();
  if (!trimmed && !files.length) return;
  for (let i = 0; i === 0 || i < files.length; i += ALBUM_MAX) {
    const parcel = {as: state.me.id, chatId, topic: topic || null, text: i ? '' : trimmed, files: files.slice(i, i + ALBUM_MAX), asFile, replyTo: i ? null : replyTo};
    await post(`local:${++serial}`, parcel);
  }
}

async function post(key, parcel) {
  parcels.set(key, parcel);
  const show = setTimeout(() => addPending(pendingItem(key, parcel)), SHOW_AFTER_MS);
  try {
    const {messages} = await api.send(parcel);
    clearTimeout(show);
    forget(key);
    if (parcel.as === state.me.id) messages.forEach(takeMessage);
  } catch (error) {
    clearTimeout(show);
    addPending({...pendingItem(key, parcel), error: error.message});
  }
}

function pendingItem(key, parcel) {
  parcel.previews ??= parcel.asFile ? [] : parcel.files.filter((f) => f.type.startsWith('image/')).map((f) => URL.createObjectURL(f));
  const names = parcel.previews.length ? [] : parcel.files.map((f) => f.name);
  return {key, chatId: parcel.chatId, topic: parcel.topic ?? 0, text: parcel.text, previews: parcel.previews, names, error: null};
}

function forget(key) {
  for (const url of parcels.get(key)?.previews ?? []) URL.revokeObjectURL(url);
  parcels.delete(key);
  removePending(key);
}

/** A message of one's own arrived by the event stream: its bubble on the way is no longer needed. */
export function arrived(message) {
  if (message.from?.id !== state.me.id) return;
  const words = message.text ?? message.caption ?? '';
  const item = pendingOf(message.chat.id, topicOf(message)).find((p) => !p.error && p.text === words);
  if (item) removePending(item.key);
}

export function retry(item) {
  const parcel = parcels.get(item.key);
  if (!parcel) return;
  updatePending(item.key, {error: null});
  removePending(item.key);
  post(item.key, parcel);
}

export const discard = (item) => forget(item.key);

/** Make File objects of the built-in sample photos. */
export async function sampleFiles(names) {
  return Promise.all(names.map(async (name) => {
    const response = await fetch(`/static/samples/${name}.jpg`);
    if (!response.ok) throw new Error('The sample photo is not there.');
    return new File([await response.blob()], `${name}.jpg`, {type: 'image/jpeg'});
  }));
}

/** Send a ready-made wish: words, perhaps with sample photos. */
export async function sendWish({text, samples = []}) {
  const files = await tell(sampleFiles(samples));
  if (files) await submit({text, files});
  else toast('The wish could not be sent.', 'error');
}
