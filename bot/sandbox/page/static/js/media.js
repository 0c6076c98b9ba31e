/* Draws what a message carries besides words: one photo, an album as a mosaic, an animation, a document. Space for a
   picture is kept before it is loaded, so nothing jumps. Imports dom, api, format, icons. */

import {fileUrl} from './api.js';
import {append, el} from './dom.js';
import {size} from './format.js';
import {icon} from './icons.js';
import {pictureOf} from './pictures.js';

const SIDE = 400; // CSS px of a photo's largest side in a bubble
const ALBUM = 420; // CSS px of an album's width

/** Choose the smallest stored size that still looks sharp at `px` CSS pixels. */
function sharpEnough(sizes, px) {
  const wanted = px * Math.min(devicePixelRatio || 1, 2);
  const sorted = [...sizes].sort((a, b) => a.width - b.width);
  return sorted.find((s) => Math.max(s.width, s.height) >= wanted) ?? sorted.at(-1);
}

function photoButton(message, label, open, px) {
  const shown = sharpEnough(message.photo, px);
  return el('button.photo', {type: 'button', 'aria-label': label, data: {id: message.message_id}, on: {click: () => open(message)}},
    el('img', {src: fileUrl(shown.file_id), width: String(shown.width), height: String(shown.height), alt: message.caption ?? '', loading: 'lazy', decoding: 'async', draggable: 'false'}));
}

const measures = (message) => message.photo?.at(-1) ?? message.animation;

/** CSS px that pictures take in a bubble: an album its full width, a single one what its shape and its buttons need. */
export function mediaWidth(messages) {
  if (messages.length !== 1) return ALBUM;
  const {width, height} = measures(messages[0]);
  const scale = Math.min(SIDE / width, SIDE / height, 1.6);
  return Math.max(Math.round(width * scale), messages[0].reply_markup?.inline_keyboard ? 300 : 180);
}

const boundedRatio = ({width, height}) => Math.min(Math.max(width / height, 0.6), 3.2);

/** One photo. */
export function photo(message, who, open) {
  return el('div.single', {vars: {'--ratio': boundedRatio(measures(message))}}, photoButton(message, `Photo by ${who}${message.caption ? `: ${message.caption}` : ''}. Open`, open, SIDE));
}

const ratioOf = (message) => Math.min(Math.max(message.photo.at(-1).width / message.photo.at(-1).height, 0.55), 2.2);

/**
 * Break pictures into rows so that the whole is about as high as it is wide. Returns an array of arrays of indexes.
 */
export function mosaic(ratios) {
  let best = null;
  let bestCost = Infinity;
  const visit = (start, rows) => {
    if (start === ratios.length) {
      const heights = rows.map((row) => 1 / row.reduce((sum, i) => sum + ratios[i], 0));
      const total = heights.reduce((sum, h) => sum + h, 0);
      const uneven = Math.max(...heights) / Math.min(...heights);
      const cost = Math.abs(Math.log(total)) + 0.15 * uneven + heights.filter((h) => h < 0.22).length * 0.6;
      if (cost < bestCost) [best, bestCost] = [rows, cost];
      return;
    }
    for (let n = 1; n <= Math.min(4, ratios.length - start); n++) {
      visit(start + n, [...rows, Array.from({length: n}, (_, i) => start + i)]);
    }
  };
  visit(0, []);
  return best ?? [];
}

/** Several photos that were sent as one. */
export function album(messages, who, open) {
  const ratios = messages.map(ratioOf);
  const rows = mosaic(ratios);
  let n = 0;
  return el('div.album', {role: 'group', 'aria-label': `Album of ${messages.length} photos by ${who}`}, rows.map((row) => {
    const sum = row.reduce((total, i) => total + ratios[i], 0);
    return el('div.album-row', {vars: {'--ratio': sum}}, row.map((i) => {
      n += 1;
      const cell = photoButton(messages[i], `Photo ${n} of ${messages.length} by ${who}. Open`, open, SIDE / row.length + 60);
      cell.style.setProperty('--grow', ratios[i]);
      return cell;
    }));
  }));
}

/** An animation, which plays where it stands, again and again; still and with its controls for those who want calm. */
export function film(message, who, open) {
  const {file_id: id, mime_type: mime, width, height} = message.animation;
  const label = `Animation by ${who}${message.caption ? `: ${message.caption}` : ''}`;
  const holder = el('div.single.film', {vars: {'--ratio': boundedRatio(message.animation)}});
  if (mime === 'image/gif') return append(holder, [el('img', {src: fileUrl(id), alt: label, width: String(width), height: String(height)})]);
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const video = el('video', {src: fileUrl(id), 'aria-label': label, width: String(width), height: String(height), autoplay: !calm, loop: true, muted: true, playsInline: true, controls: true, preload: 'auto'});
  // A browser without this codec still offers the file.
  video.addEventListener('error', () => holder.replaceWith(fileCard(message, open)));
  return append(holder, [video]);
}

const FILE_KINDS = ['document', 'video', 'animation', 'audio', 'voice', 'video_note', 'sticker'];

/** The file object of a message that is not a photo, or null. */
export function fileOf(message) {
  const kind = FILE_KINDS.find((k) => message[k]);
  return kind ? {kind, ...message[kind]} : null;
}

/** A document: what it is, how large, and its original bytes to download. */
export function fileCard(message, open) {
  const file = fileOf(message);
  const title = file.file_name ?? `${file.kind.replace('_', ' ')} ${message.message_id}`;
  const ending = /\.([a-z0-9]{1,5})$/i.exec(title)?.[1] ?? file.mime_type?.split('/')[1] ?? '';
  const picture = pictureOf(message);
  const plain = () => el('span.file-badge', {'aria-hidden': 'true'}, icon('file', 22), el('span', {text: ending.slice(0, 4)}));
  const badge = picture
    ? el('button.file-thumb', {type: 'button', 'aria-label': `Open ${title}`, on: {click: () => open(message)}}, el('img', {src: picture.thumb, alt: '', loading: 'lazy', decoding: 'async', width: '56', height: '56'}))
    : plain();
  badge.querySelector('img')?.addEventListener('error', () => badge.replaceWith(plain()));
  return el('div.file', null, badge, el('span.file-text', null,
    el('span.file-name', {dir: 'auto', text: title, title}),
    el('span.file-size', {text: [size(file.file_size), ending.toUpperCase()].filter(Boolean).join(' · ')})),
    el('a.icon-button.file-get', {href: fileUrl(file.file_id), download: title, 'aria-label': `Download ${title}`, title: 'Download'}, icon('download')));
}
