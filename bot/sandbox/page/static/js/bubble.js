/* One message (or album) as a bubble. Built from parts that are replaced one by one, so that an edit, a reaction or a
   changed keyboard never reloads a picture. Imports the drawing modules and the store. */

import {userAvatar} from './avatar.js';
import {el, part} from './dom.js';
import {rich} from './entities.js';
import {fullTime, hue, isRightToLeft, name, summary, time} from './format.js';
import {fileUrl} from './api.js';
import {icon} from './icons.js';
import {keyboard} from './keyboard.js';
import {album, fileCard, fileOf, film, mediaWidth, photo} from './media.js';
import {isBot, personById, reactionsOf, receiptOf, state} from './store.js';

const TOUCH = matchMedia('(hover: none)');
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|[\u{1F3FB}-\u{1F3FF}])*\s?){1,3}$/u;

/** The empty shell of a bubble. */
export function makeBubble(on) {
  const article = el('article.msg', {tabindex: '-1'});
  article.bubble = el('div.bubble');
  article.tools = el('button.msg-more', {type: 'button', tabindex: '-1', 'aria-haspopup': 'menu', on: {click: () => on.menu(article.messages[0], article.tools)}}, icon('more', 18));
  article.line = el('div.bubble-line', null, article.bubble, article.tools);
  article.column = el('div.column', null, article.line);
  article.append(article.column);
  const openMenu = (event) => {
    event.preventDefault();
    const id = Number(event.target.closest('[data-id]')?.dataset.id);
    const hit = article.messages.find((m) => m.message_id === id) ?? article.messages[0];
    on.menu(hit, event.clientX || event.clientY ? {x: event.clientX, y: event.clientY} : article.bubble);
  };
  article.addEventListener('contextmenu', (event) => event.target.closest('a') || openMenu(event));
  // Where nothing can hover, a tap on the words opens the menu; pictures and buttons keep their own meaning.
  article.bubble.addEventListener('click', (event) => TOUCH.matches && !event.target.closest('a, button, .spoiler') && openMenu(event));
  return article;
}

/** Bring a bubble up to date. `messages` has one message, or all of an album; `flags`: first, last, group, read. */
export function updateBubble(article, messages, flags, on) {
  const main = messages.find((m) => m.caption || m.text) ?? messages[0];
  const mine = main.from?.id === state.me.id;
  const author = isBot(main.from) ? state.bot : personById(main.from?.id) ?? main.from;
  const text = main.text ?? main.caption ?? (main.invoice ? `${main.invoice.title}\n${main.invoice.description}` : '');
  const photos = messages.filter((m) => m.photo);
  const seen = main.animation ? [main] : photos; // what takes the width of the bubble
  article.messages = messages;
  article.dataset.message = String(messages[0].message_id);
  article.className = ['msg', mine ? 'out' : 'in', flags.first && 'first', flags.last && 'last', flags.group && !mine && 'in-group',
    seen.length && 'with-photo', seen.length && !text && 'bare', EMOJI_ONLY.test(text) && !seen.length && 'jumbo',
    article.classList.contains('flash') && 'flash'].filter(Boolean).join(' ');
  article.setAttribute('aria-label', `${mine ? 'You' : name(author)}, ${time(main.date)}${main.edit_date ? ', edited' : ''}`);
  article.tools.setAttribute('aria-label', `Actions for the message: ${summary(main).slice(0, 60) || 'picture'}`);

  const showAvatar = flags.group && !mine && flags.last;
  part(article.line, 'avatar', String(showAvatar), () => (showAvatar ? userAvatar(author, '.beside') : null));
  const {bubble, column} = article;
  const showName = flags.group && !mine && flags.first;
  part(bubble, 'name', `${showName}${name(author)}`, () => (showName ? el('div.author', {'data-hue': isBot(author) ? 'bot' : hue(author?.id), dir: 'auto', text: name(author)}) : null));
  part(bubble, 'forward', JSON.stringify(main.forward_origin ?? null), () => forwarded(main));
  part(bubble, 'via', main.via_bot?.username ?? '', () => (main.via_bot ? el('div.forwarded', {text: `via @${main.via_bot.username}`}) : null));
  part(bubble, 'reply', JSON.stringify([main.reply_to_message, main.quote]), () => quote(main, on));
  if (seen.length) bubble.style.setProperty('--w', `${mediaWidth(seen)}px`);
  part(bubble, 'media', JSON.stringify(messages.map((m) => [m.photo, fileOf(m)])), () => media(messages, photos, mine ? 'you' : name(author), on));
  const ticks = mine ? (flags.read ? 'read' : 'sent') : '';
  part(bubble, 'body', JSON.stringify([text, main.entities, main.caption_entities, main.edit_date, ticks]), () => body(main, text, ticks, on));
  drawReactions(bubble, messages[0], on);
  part(column, 'keyboard', JSON.stringify([main.reply_markup, main.invoice, main.invoice && receiptOf(main)]), () => keyboard(main, on));
}

function media(messages, photos, who, on) {
  if (photos.length > 1) return album(photos, who, on.open);
  if (photos.length === 1) return photo(photos[0], who, on.open);
  if (messages[0].animation) return film(messages[0], who, on.open);
  const files = messages.filter(fileOf);
  return files.length ? el('div.files', null, files.map((m) => fileCard(m, on.open))) : null;
}

function body(message, text, ticks, on) {
  const known = text || message.photo || fileOf(message);
  const title = message.invoice ? [{type: 'bold', offset: 0, length: message.invoice.title.length}] : [];
  const words = known ? rich(text, message.entities ?? message.caption_entities ?? title, on) : [el('em', {text: 'This kind of message is not shown here.'})];
  return el('div.body', {dir: 'auto'}, words.length ? el('span.text', null, words) : null, meta(message, ticks, isRightToLeft(text)));
}

function meta(message, ticks, rtl) {
  return el(`span.meta${rtl ? '.below' : ''}`, {dir: 'ltr'},
    message.edit_date ? el('span.edited', {text: 'edited', title: fullTime(message.edit_date)}) : null,
    el('time', {datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date), text: time(message.date)}),
    ticks ? el(`span.ticks.${ticks}`, null, icon(ticks === 'read' ? 'checks' : 'check', 16), el('span.hidden-text', {text: ticks})) : null);
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const from = origin.sender_user ? name(personById(origin.sender_user.id) ?? origin.sender_user) : origin.sender_user_name ?? origin.chat?.title ?? 'someone';
  return el('div.forwarded', {dir: 'auto', text: `Forwarded from ${from}`});
}

function quote(message, on) {
  const target = message.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  const author = isBot(target.from) ? state.bot : personById(target.from?.id) ?? target.from;
  const small = target.photo?.[0];
  return el('button.quote', {type: 'button', 'data-hue': isBot(author) ? 'bot' : hue(author?.id), title: 'Show that message', on: {click: () => on.jump(target.message_id)}},
    small ? el('img', {src: fileUrl((target.photo.find((s) => s.width >= 80) ?? small).file_id), alt: '', width: '36', height: '36'}) : null,
    el('span.quote-text', null, el('span.quote-author', {dir: 'auto', text: author?.id === state.me.id ? 'You' : name(author)}),
      el('span.quote-words', {dir: 'auto', text: message.quote?.text ?? summary(target)})));
}

function drawReactions(bubble, message, on) {
  const list = reactionsOf(message.chat.id, message.message_id);
  const counts = new Map();
  for (const r of list) counts.set(r.emoji ?? '⭐', (counts.get(r.emoji ?? '⭐') ?? 0) + (r.count ?? 1));
  part(bubble, 'reactions', JSON.stringify([...counts]), () => (counts.size ? el('div.reactions', null, [...counts].map(([emoji, n]) =>
    el('button.reaction', {type: 'button', 'aria-label': `Reaction ${emoji}${n > 1 ? `, ${n}` : ''}`, on: {click: () => on.react(message, emoji)}}, el('span', {text: emoji}), n > 1 ? el('span.reaction-count', {text: n}) : null))) : null));
}
