/* The box to write in: words, reply and edit, attachments, samples, commands. Enter sends, Shift+Enter makes a line,
   Up in the empty box edits the last message, Escape leaves reply or edit. Imports outbox, sheet, suggest, the store. */

import {api} from './api.js';
import {$, batched, el, fill, part} from './dom.js';
import {name, summary} from './format.js';
import {icon} from './icons.js';
import {sampleFiles, submit} from './outbox.js';
import {openMenu, tell} from './overlay.js';
import {pickFiles, sendSheet} from './sheet.js';
import {isBlocked, personById, state, subscribe} from './store.js';
import {startSuggestions} from './suggest.js';
import {newestOwn, scrollToEnd} from './timeline.js';
import {SAMPLES} from './welcome.js';

let box = null;
let suggestions = null;
let mode = null; // {kind: 'reply' | 'edit', message} or null
const kept = new Map(); // conversation -> words not sent yet
let conversationKey = null;

/** Build the composer and keep it current. */
export function startComposer() {
  box = el('textarea', {id: 'composer-text', rows: '1', dir: 'auto', placeholder: 'Message', 'aria-label': 'Message', autocomplete: 'off', enterkeyhint: 'send'});
  const commands = el('button.icon-button', {type: 'button', id: 'commands', 'aria-label': 'Commands', title: 'Commands', on: {click: showCommands}}, icon('command'));
  const attach = el('button.icon-button', {type: 'button', id: 'attach', 'aria-label': 'Attach', title: 'Attach', 'aria-haspopup': 'menu', on: {click: () => attachMenu(attach)}}, icon('attach'));
  const send = el('button.icon-button.send', {type: 'button', id: 'send', 'aria-label': 'Send', title: 'Send', on: {click: submitBox}}, icon('send'));
  $('composer').append(
    el('div.suggestions', {id: 'suggestions', hidden: true}),
    el('div', {id: 'composer-mode'}),
    el('div.composer-row', {id: 'composer-row'}, attach, box, commands, send),
    el('div', {id: 'composer-bar'}));
  suggestions = startSuggestions(box, submitWords);
  box.addEventListener('input', grow);
  box.addEventListener('keydown', onKey);
  box.addEventListener('paste', onPaste);
  dropZone();
  const draw = batched(redraw);
  subscribe(({kind}) => (kind === 'route' || kind === 'state') && draw());
  draw();
}

function redraw() {
  const chat = state.chats.get(state.chatId);
  $('composer').hidden = !chat;
  const key = `${state.me?.id}:${state.chatId}:${state.topic}`;
  if (key !== conversationKey) {
    if (conversationKey && mode?.kind !== 'edit') kept.set(conversationKey, box.value);
    conversationKey = key;
    setMode(null);
    box.value = kept.get(key) ?? '';
    grow();
  }
  const bar = chat ? closedBar(chat) : null;
  $('composer-row').hidden = Boolean(bar);
  part($('composer-bar'), 'bar', bar ? bar.text : '', () => (bar ? el('button.bar-button', {type: 'button', disabled: !bar.run, on: {click: () => bar.run?.()}}, bar.text) : null));
}

/** Why nothing can be written here, or null. */
function closedBar(chat) {
  if (isBlocked(chat)) return {text: 'Unblock the bot', run: () => tell(api.block(state.me.id, false))};
  const topic = (chat.topics ?? []).find((t) => t.id === state.topic);
  if (topic?.closed) return {text: 'This topic is closed', run: null};
  return null;
}

function grow() {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  $('composer').classList.toggle('has-words', box.value.trim() !== '');
}

/** Reply to or edit a message; null goes back to writing a new one. */
export function setMode(next) {
  const leavingEdit = mode?.kind === 'edit' && next?.kind !== 'edit';
  mode = next;
  if (next?.kind === 'edit') box.value = next.message.text ?? next.message.caption ?? '';
  else if (leavingEdit) box.value = '';
  part($('composer-mode'), 'mode', JSON.stringify([next?.kind, next?.message.message_id, next?.message.chat.id]), () => (next ? modeBar(next) : null));
  grow();
  if (next) box.focus();
}

function modeBar({kind, message}) {
  const author = message.from?.id === state.me.id ? 'yourself' : name(personById(message.from?.id) ?? message.from);
  return el('div.mode', null, icon(kind === 'edit' ? 'edit' : 'reply'),
    el('span.mode-text', null, el('span.mode-title', {dir: 'auto', text: kind === 'edit' ? 'Edit message' : `Reply to ${author}`}), el('span.mode-words', {dir: 'auto', text: summary(message)})),
    el('button.icon-button', {type: 'button', 'aria-label': kind === 'edit' ? 'Stop editing' : 'Do not reply', on: {click: () => { setMode(null); box.focus(); }}}, icon('close')));
}

export const reply = (message) => setMode({kind: 'reply', message});
export const edit = (message) => setMode({kind: 'edit', message});

async function submitBox() {
  const words = box.value.trim();
  if (!words && mode?.kind !== 'edit') return;
  if (mode?.kind === 'edit') {
    const {message} = mode;
    const done = await tell(api.edit(state.me.id, message.chat.id, message.message_id, words));
    if (done !== undefined) setMode(null);
    return;
  }
  submitWords(words);
}

/** Send words as they are, in reply where a reply was begun. */
function submitWords(words) {
  const replyTo = mode?.kind === 'reply' ? mode.message.message_id : null;
  box.value = '';
  kept.delete(conversationKey);
  setMode(null);
  suggestions.close();
  scrollToEnd();
  submit({text: words, replyTo});
  box.focus();
}

function onKey(event) {
  if (event.isComposing || suggestions.onKey(event)) return;
  if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    submitBox();
  } else if (event.key === 'Escape' && mode) {
    setMode(null);
  } else if (event.key === 'ArrowUp' && box.value === '' && !mode) {
    const message = newestOwn();
    if (message) {
      event.preventDefault();
      edit(message);
    }
  }
}

/** Offer the commands, before the words that stand in the box already. */
function showCommands() {
  if (!box.value.startsWith('/')) box.value = `/ ${box.value}`.trimEnd();
  const end = /^\/\w*/.exec(box.value)[0].length;
  box.focus();
  box.setSelectionRange(end, end);
  box.dispatchEvent(new Event('input'));
}

/* ---- attachments ---- */

function attachMenu(anchor) {
  const tray = el('div.samples', {role: 'group', 'aria-label': 'Sample photos'}, el('p.samples-title', {text: 'Sample photos'}), el('div.samples-row', null, SAMPLES.map((sample) =>
    el('button.sample', {type: 'button', role: 'menuitem', 'aria-label': `Sample photo: ${sample.alt}`, on: {click: async () => { close(); offer(await tell(sampleFiles([sample.name]))); }}},
      el('img', {src: `/static/samples/${sample.name}.jpg`, alt: '', width: '84', height: '64'}), el('span', {text: sample.label})))));
  const close = openMenu(anchor, [
    {icon: 'picture', label: 'Photos', run: async () => offer(await pickFiles('image/*'))},
    {icon: 'file', label: 'Files', run: async () => offer(await pickFiles(''), true)},
  ], {label: 'Attach', above: tray});
}

/** Show the sheet for files, then send what it says. */
export async function offer(files, asFile = false) {
  if (!files?.length || state.chatId === null || closedBar(state.chats.get(state.chatId))) return;
  const replyTo = mode?.kind === 'reply' ? mode.message.message_id : null;
  const words = mode?.kind === 'edit' ? '' : box.value;
  const parcel = await sendSheet([...files], {asFile, caption: words});
  if (!parcel) return;
  box.value = '';
  setMode(null);
  scrollToEnd();
  submit({...parcel, replyTo});
  box.focus();
}

function onPaste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  offer(files);
}

function dropZone() {
  const zone = $('drop');
  const target = (label, hint, asFile) => el('div.drop-target', {data: {asFile: String(asFile)}}, icon(asFile ? 'file' : 'picture', 40), el('strong', {text: label}), el('span', {text: hint}));
  fill(zone, target('Drop to send as photo', 'quick, recompressed as Telegram does', false), target('Drop to send as file', 'the original bytes', true));
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  let depth = 0;
  const hide = () => {
    depth = 0;
    zone.hidden = true;
  };
  addEventListener('dragenter', (event) => {
    if (!hasFiles(event) || state.chatId === null) return;
    depth += 1;
    zone.hidden = false;
  });
  addEventListener('dragleave', () => (depth = Math.max(0, depth - 1)) === 0 && hide());
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const asFile = event.target.closest?.('.drop-target')?.dataset.asFile === 'true';
    hide();
    offer([...event.dataTransfer.files], asFile);
  });
}

/** Put the caret into the box, but not on phones, where that would open the keyboard. */
export function focusBox() {
  if (matchMedia('(pointer: fine)').matches) box.focus({preventScroll: true});
}
