/* The conversation: messages in order with dates between them, grouped by author, albums together, the bot's draft and
   messages on their way at the end. Keeps the reader's place. Imports bubble, store, welcome. */

import {$, batched, el, fill, part, reconcile} from './dom.js';
import {makeBubble, updateBubble} from './bubble.js';
import {makeDraft, makePending, updateDraft, updatePending} from './transient.js';
import {day, dayKey} from './format.js';
import {icon} from './icons.js';
import {tell} from './overlay.js';
import {serviceText} from './service.js';
import {conversation, draftOf, isBot, loadOlder, message, pendingOf, state, subscribe, thread} from './store.js';
import {markRead, unread} from './unread.js';
import {welcome} from './welcome.js';

const SAME_AUTHOR_S = 300; // messages of one author within this time stand together
const NEAR_PX = 90; // so close to the end counts as at the end
const SHOW_DATE_MS = 1200; // so long after scrolling the date stays over what it hides

let handlers = null;
let shown = null; // "me:chat:topic" that the rows belong to
let loadingOlder = false;
let seen = {top: 0, height: 0}; // where the last look at the timeline found it
let resting = 0; // timer that ends the scrolling

/** Draw the conversation and keep it current. `on`: open, jump is added here, menu, react, command, retry, stop, wish. */
export function startTimeline(on) {
  handlers = {...on, jump: jumpTo};
  const draw = batched(drawRows);
  subscribe(({kind, chatId}) => {
    if (kind === 'state' || kind === 'route') draw();
    if ((kind === 'messages' || kind === 'draft') && chatId === state.chatId) draw();
    if (kind === 'read') drawJump();
  });
  const box = $('timeline');
  box.addEventListener('scroll', onScroll, {passive: true});
  box.addEventListener('keydown', onKey);
  addEventListener('focus', readIfAtEnd);
  $('jump').addEventListener('click', () => scrollToEnd(true));
  const keepEnd = new ResizeObserver(() => box.dataset.end === 'yes' && scrollToEnd());
  keepEnd.observe(box);
  keepEnd.observe($('rows'));
  draw();
}

const atEnd = (box = $('timeline')) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;

export function scrollToEnd(smooth = false) {
  const box = $('timeline');
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  box.scrollTo({top: box.scrollHeight, behavior: smooth && !calm ? 'smooth' : 'instant'});
  box.dataset.end = 'yes';
  look(box);
}

/** Note where the timeline is; return whether it grew since the last look while the person did not scroll up. */
function look(box) {
  const grown = box.scrollHeight > seen.height && box.scrollTop >= seen.top;
  seen = {top: box.scrollTop, height: box.scrollHeight};
  return grown;
}

function onScroll() {
  const box = $('timeline');
  // The browser reports a scroll late, perhaps after rows grew: then the end moved away, and the person did not.
  const grown = look(box);
  if (!grown || box.dataset.end !== 'yes') box.dataset.end = atEnd() ? 'yes' : 'no';
  box.classList.add('scrolling');
  clearTimeout(resting);
  resting = setTimeout(() => box.classList.remove('scrolling'), SHOW_DATE_MS);
  markDates();
  readIfAtEnd();
  drawJump();
  if (box.scrollTop < 240) fetchOlder();
}

/** Mark the date that covers messages instead of standing between two of them. */
function markDates() {
  for (const date of $('rows').querySelectorAll(':scope > .day')) {
    const next = date.nextElementSibling;
    date.classList.toggle('over', Boolean(next) && next.getBoundingClientRect().top < date.getBoundingClientRect().bottom);
  }
}

function readIfAtEnd() {
  if (state.chatId !== null && !document.hidden && document.hasFocus() && atEnd()) markRead(state.chatId);
}

async function fetchOlder() {
  if (loadingOlder || state.chatId === null || thread(state.chatId).complete || !thread(state.chatId).loaded) return;
  loadingOlder = true;
  await tell(loadOlder(state.chatId));
  loadingOlder = false;
}

function drawRows() {
  const chat = state.chats.get(state.chatId);
  const key = `${state.me?.id}:${state.chatId}:${state.topic}`;
  const box = $('timeline');
  const changed = key !== shown;
  const stick = changed || box.dataset.end !== 'no';
  const place = stick ? null : placeBeingRead(box);
  shown = key;
  $('chat').classList.toggle('nothing', !chat);
  if (changed) {
    $('rows').replaceChildren();
    $('rows').byKey = new Map();
  }
  const messages = chat ? conversation(chat.id, state.topic) : [];
  reconcile($('rows'), chat ? rowsOf(chat, messages) : []);
  drawWelcome(chat, messages);
  if (stick) scrollToEnd();
  else if (place?.node.isConnected) box.scrollTop += place.node.getBoundingClientRect().top - place.top;
  readIfAtEnd();
  drawJump();
  markDates();
  if (chat?.is_forum && messages.length < 15) fetchOlder();
}

/** The first message in view, and its position. Dates do not count: they stick to the top. */
function placeBeingRead(box) {
  const edge = box.getBoundingClientRect().top;
  for (const node of $('rows').children) {
    const {top, bottom} = node.getBoundingClientRect();
    if (bottom > edge && !node.classList.contains('day')) return {node, top};
  }
  return null;
}

function drawWelcome(chat, messages) {
  const own = messages.some((m) => !serviceText(m)) || (chat && pendingOf(chat.id, state.topic).length);
  const loaded = chat && thread(chat.id).loaded;
  const show = state.ready && (!chat || (loaded && !own));
  part($('timeline'), 'welcome', JSON.stringify([show, chat?.id, chat?.type, state.topic, chat?.bot_is_member, chat?.bot_reads_all]), () => (show ? welcome(chat, handlers) : null));
}

/** The rows of a conversation, as `reconcile` wants them. */
function rowsOf(chat, messages) {
  const rows = [];
  const units = group(messages);
  const readId = Math.max(0, ...messages.filter((m) => m.from?.id !== state.me.id).map((m) => m.message_id));
  let today = null;
  units.forEach((unit, i) => {
    const first = unit[0];
    const date = dayKey(first.date);
    if (date !== today) {
      rows.push({key: `day:${date}`, make: () => el('div.day', null, el('span')), update: (node) => setText(node.firstChild, day(first.date))});
      today = date;
    }
    const words = serviceText(first);
    if (words) {
      rows.push({key: `m:${first.message_id}`, make: () => el('div.service', {data: {message: first.message_id}}, el('span', {dir: 'auto'})), update: (node) => setText(node.firstChild, words)});
      return;
    }
    const flags = {
      first: !together(units[i - 1]?.[0], first), last: !together(first, units[i + 1]?.[0]),
      group: chat.type !== 'private', read: first.message_id < readId,
    };
    rows.push({key: `m:${first.message_id}`, make: () => makeBubble(handlers), update: (node) => updateBubble(node, unit, flags, handlers)});
  });
  for (const item of pendingOf(chat.id, state.topic)) {
    rows.push({key: item.key, make: () => makePending(handlers), update: (node) => updatePending(node, item)});
  }
  const draft = draftOf(chat.id, state.topic);
  if (draft) rows.push({key: `draft:${draft.draft_id ?? 0}`, make: () => makeDraft(handlers), update: (node) => updateDraft(node, draft)});
  return rows;
}

const setText = (node, text) => node.textContent !== text && (node.textContent = text);

/** Put the messages of an album together. */
function group(messages) {
  const units = [];
  const albums = new Map();
  for (const m of messages) {
    const album = m.media_group_id && albums.get(m.media_group_id);
    if (album) {
      album.push(m);
      continue;
    }
    const unit = [m];
    if (m.media_group_id) albums.set(m.media_group_id, unit);
    units.push(unit);
  }
  return units;
}

function together(a, b) {
  if (!a || !b || serviceText(a) || serviceText(b)) return false;
  return a.from?.id === b.from?.id && Math.abs(b.date - a.date) < SAME_AUTHOR_S && dayKey(a.date) === dayKey(b.date);
}

function drawJump() {
  const button = $('jump');
  const news = state.chatId === null ? 0 : unread(state.chatId);
  button.hidden = state.chatId === null || $('timeline').dataset.end !== 'no';
  const signature = String(news);
  if (button.dataset.signature === signature) return;
  button.dataset.signature = signature;
  button.setAttribute('aria-label', news ? `To the newest message, ${news} unread` : 'To the newest message');
  fill(button, icon('down'), news ? el('span.badge', {text: news, 'aria-hidden': 'true'}) : null);
}

const nodeOf = (id) => [...$('rows').children].find((node) => (node.messages ?? []).some((m) => m.message_id === id) || node.dataset.message === String(id));

/** Bring a message into view and light it up, loading older ones as needed. */
export async function jumpTo(id) {
  while (!message(state.chatId, id) && !thread(state.chatId).complete) {
    if (!(await tell(loadOlder(state.chatId)))) break;
  }
  await new Promise((done) => setTimeout(done));
  const node = nodeOf(id);
  if (!node) return;
  $('timeline').dataset.end = 'no';
  node.scrollIntoView({block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'});
  node.focus({preventScroll: true});
  node.classList.add('flash');
  setTimeout(() => node.classList.remove('flash'), 1800);
}

/** Arrow keys walk from message to message; Enter opens its menu. */
function onKey(event) {
  if (event.target.closest('button, a, input') && event.key === 'Enter') return;
  const articles = [...$('rows').querySelectorAll('.msg')];
  if (!articles.length) return;
  const at = articles.indexOf(event.target.closest('.msg'));
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    const next = at < 0 ? articles.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1);
    articles[Math.max(0, Math.min(next, articles.length - 1))].focus();
  } else if (event.key === 'Enter' && at >= 0) {
    handlers.menu(articles[at].messages[0], articles[at].bubble);
  } else {
    return;
  }
  event.preventDefault();
}

export const newestOwn = () => conversation(state.chatId, state.topic).findLast((m) => m.from?.id === state.me.id && !isBot(m.from) && (m.text ?? m.caption));
