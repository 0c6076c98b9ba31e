/* What an empty conversation shows: what this is, and three wishes to try with one press. Imports dom and the store. */

import {chatTitle} from './avatar.js';
import {el} from './dom.js';
import {icon} from './icons.js';
import {state} from './store.js';

export const SAMPLES = [
  {name: 'meadow', label: 'Meadow', alt: 'Dandelion clocks in a meadow against the low sun'},
  {name: 'coffee', label: 'Coffee', alt: 'A cup of coffee on a red saucer'},
  {name: 'cat', label: 'Cat', alt: 'A tabby cat looking to the side'},
];

// In the person's own language, as the bot greets them.
const WORDS = {
  en: ['a lighthouse at dusk', 'make it black and white', 'warmer, and add the text HELLO at the top'],
  de: ['ein Leuchtturm in der Dämmerung', 'mach es schwarzweiß', 'wärmer'],
  es: ['un faro al anochecer', 'ponla en blanco y negro', 'más cálida'],
  pt: ['um farol ao anoitecer', 'deixe em preto e branco', 'mais quente'],
  ru: ['маяк в сумерках', 'сделай чёрно-белым', 'теплее'],
  zh: ['黄昏的灯塔', '改成黑白', '再暖一点'],
};
const wordsOf = (person) => WORDS[person?.language_code?.slice(0, 2)] ?? WORDS.en;
const wishesOf = ([scene, grey, warm]) => [{text: scene}, {text: grey, samples: ['coffee']}, {text: warm, samples: ['meadow']}];

// In a group a command surely reaches the bot as a text; whether it does as a caption, Telegram does not say.
const GROUP_WISHES = [{text: 'a lighthouse at dusk'}, {text: 'mountains at sunrise'}, {text: 'a bowl of fruit'}];

/** The card for an empty conversation; without a chat, a hint to choose one. */
export function welcome(chat, on) {
  if (!chat) return el('div.welcome.choose', null, el('p.pill', {text: 'Choose a chat to begin'}));
  const title = chatTitle({type: 'private'});
  if (chat.type !== 'private' && !chat.bot_is_member && state.bot.supports_guest_queries) return guestCard(chat, title, on);
  if (chat.type !== 'private' && !chat.bot_is_member) {
    return el('div.welcome', null, el('section.welcome-card', null, el('h2', {text: 'No bot here yet'}), el('p', {text: `Add ${title} in the group's page: press the title above.`})));
  }
  const inGroup = chat.type !== 'private';
  const lead = inGroup
    ? `${title} paints here too. ${chat.bot_reads_all ? 'Mention it, send' : 'Send'} /edit@${state.bot.username} with a wish, or reply to anything that it said; the group shares one conversation.`
    : state.description || 'Send a photo and say what to change, or describe a picture. Each answer can be refined, undone, or branched by a reply.';
  const prefix = inGroup ? `/edit@${state.bot.username} ` : '';
  return el('div.welcome', null, el('section.welcome-card', {'aria-label': 'Welcome'},
    el('img', {src: '/static/img/icon.svg', alt: '', width: '72', height: '72'}),
    el('h2', {dir: 'auto', text: inGroup ? chat.title : title}),
    el('p', {text: lead}),
    el('div.chips', {role: 'group', 'aria-label': 'Example wishes'}, (inGroup ? GROUP_WISHES : wishesOf(wordsOf(state.me))).map((wish) => chip(wish, prefix, on))),
    inGroup ? null : el('button.link-button', {type: 'button', on: {click: () => on.wish({text: '/start'})}}, 'or press Start')));
}

/** In a chat of others the bot is called by its name, once for each wish. */
function guestCard(chat, title, on) {
  return el('div.welcome', null, el('section.welcome-card', {'aria-label': 'Welcome'},
    el('img', {src: '/static/img/icon.svg', alt: '', width: '72', height: '72'}),
    el('h2', {dir: 'auto', text: chat.title}),
    el('p', {text: `${title} is no member here, but it comes as a guest: write @${state.bot.username} and a wish, best in reply to a photo. It sees nothing else of this chat.`}),
    el('div.chips', {role: 'group', 'aria-label': 'Example wishes'}, wishesOf(wordsOf(state.me)).slice(0, 2).map((wish) => chip(wish, `@${state.bot.username} `, on)))));
}

function chip(wish, prefix, on) {
  const sample = SAMPLES.find((s) => s.name === wish.samples?.[0]);
  return el('button.chip', {type: 'button', on: {click: () => on.wish({...wish, text: prefix + wish.text})}},
    sample ? el('img', {src: `/static/samples/${sample.name}.jpg`, alt: `Photo: ${sample.alt}`, width: '44', height: '44'}) : el('span.chip-mark', null, icon('picture', 20)),
    el('span', {text: wish.text}));
}
