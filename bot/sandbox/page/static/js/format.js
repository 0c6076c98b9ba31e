/* Turns numbers and Telegram objects into the words a person reads: times, dates, sizes, names, statuses. Pure.
   Imports nothing. */

const clock = new Intl.DateTimeFormat([], {hour: '2-digit', minute: '2-digit'});
const weekday = new Intl.DateTimeFormat([], {weekday: 'short'});
const dayMonth = new Intl.DateTimeFormat('en', {day: 'numeric', month: 'long'});
const dayMonthYear = new Intl.DateTimeFormat('en', {day: 'numeric', month: 'long', year: 'numeric'});
const full = new Intl.DateTimeFormat([], {dateStyle: 'full', timeStyle: 'medium'});

const at = (unix) => new Date(unix * 1000);
const dayNumber = (date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60000) / 86400000);

/** Time of day of a Unix time in seconds. */
export const time = (unix) => clock.format(at(unix));

/** Full date and time of a Unix time in seconds, for titles. */
export const fullTime = (unix) => full.format(at(unix));

/** A whole number that is the same for all moments of one local day. */
export const dayKey = (unix) => dayNumber(at(unix));

/** The words of a date separator: Today, Yesterday, 3 May, 3 May 2024. */
export function day(unix, now = new Date()) {
  const date = at(unix);
  const ago = dayNumber(now) - dayNumber(date);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return (date.getFullYear() === now.getFullYear() ? dayMonth : dayMonthYear).format(date);
}

/** The short time in a chat list: time of day, weekday, or date. */
export function shortTime(unix, now = new Date()) {
  const ago = dayNumber(now) - dayNumber(at(unix));
  if (ago === 0) return time(unix);
  return ago < 7 ? weekday.format(at(unix)) : at(unix).toLocaleDateString([], {day: '2-digit', month: '2-digit', year: '2-digit'});
}

/** A size in bytes as people read it: 812 B, 14.2 KB, 3.1 MB. */
export function size(bytes) {
  if (!Number.isFinite(bytes)) return '';
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1024;
    unit += 1;
  } while (value >= 1024 && unit < units.length - 1);
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A person's or bot's name. */
export const name = (user) => (user ? [user.first_name, user.last_name].filter(Boolean).join(' ') || user.username || 'Someone' : 'Someone');

/** One or two letters for an avatar. */
export function initials(text) {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return letters.map((word) => [...word][0].toUpperCase()).join('') || '?';
}

/** Which of the seven name colours an id has. */
export const hue = (id) => Math.abs(Number(id) || 0) % 7;

/** "3 members", "1 member". */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

const ACTIONS = {
  typing: 'typing', upload_photo: 'sending a photo', upload_document: 'sending a file', upload_video: 'sending a video',
  record_video: 'recording a video', record_voice: 'recording a voice message', upload_voice: 'sending a voice message',
  choose_sticker: 'choosing a sticker', find_location: 'finding a location',
};

/** The words for a chat action of the Bot API. */
export const action = (kind) => ACTIONS[kind] ?? 'busy';

/** A message in one line, for the chat list, reply quotes and notifications. */
export function summary(message) {
  const words = message.text ?? message.caption;
  if (message.photo) return words ? words : 'Photo';
  if (message.animation) return words || 'Animation';
  if (message.document) return words ? `${message.document.file_name ?? 'File'}, ${words}` : message.document.file_name ?? 'File';
  for (const kind of ['video', 'animation', 'voice', 'audio', 'sticker', 'video_note', 'location', 'contact', 'poll']) {
    if (message[kind]) return kind.replace('_', ' ').replace(/^./, (c) => c.toUpperCase());
  }
  return words ?? message.invoice?.title ?? '';
}

/** Does the text start with a right-to-left letter? */
export function isRightToLeft(text) {
  const strong = /[A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u3040-\u9fff]/.exec(text ?? '');
  return strong !== null && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(strong[0]);
}
