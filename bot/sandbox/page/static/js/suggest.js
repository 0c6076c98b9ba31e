/* Suggestions while writing: the bot's commands after "/", members after "@", the bot among them where a mention
   reaches it, also as a guest; behind its name, what it offers in inline mode. Arrow keys choose, Enter sends a command,
   Tab only fills it in. Imports the store, inline and dom. */

import {$, el, fill} from './dom.js';
import {userAvatar} from './avatar.js';
import {name} from './format.js';
import {startInline} from './inline.js';
import {tell} from './overlay.js';
import {personById, state} from './store.js';

/** Watch a text box. `send(words)` sends a chosen command. Returns {onKey(event) -> handled, close()}. */
export function startSuggestions(box, send) {
  let items = [];
  let chosen = 0;
  const list = $('suggestions');
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Suggestions');
  box.setAttribute('aria-autocomplete', 'list');
  box.setAttribute('aria-controls', 'suggestions');
  const inline = startInline((offered) => {
    items = offered;
    chosen = -1; // Enter sends the words that stand there
    draw();
  });

  function close() {
    inline.stop();
    items = [];
    list.hidden = true;
    box.removeAttribute('aria-activedescendant');
  }

  function draw() {
    list.hidden = items.length === 0;
    fill(list, items.map((item, i) => el('div.suggestion', {id: `suggestion-${i}`, role: 'option', 'aria-selected': String(i === chosen), on: {pointerdown: (event) => { event.preventDefault(); take(i, false); }}},
      item.before, el('span.suggestion-name', {text: item.title}), el('span.suggestion-hint', {dir: 'auto', text: item.hint}))));
    if (!items.length || chosen < 0) return box.removeAttribute('aria-activedescendant');
    box.setAttribute('aria-activedescendant', `suggestion-${chosen}`);
    list.children[chosen].scrollIntoView({block: 'nearest'});
    return undefined;
  }

  function take(i, fillOnly) {
    const item = items[i];
    if (item.choose) return takeOffered(item);
    const after = box.value.slice(box.selectionStart).trimStart();
    close();
    // A command before words is only filled in: sent alone, it would lose them.
    if (item.send && !fillOnly && !after) return send(item.send);
    const before = box.value.slice(0, box.selectionStart).replace(/[/@]\w*$/, item.fill);
    box.value = before + after;
    box.setSelectionRange(before.length, before.length);
    box.dispatchEvent(new Event('input'));
    box.focus();
    return undefined;
  }

  async function takeOffered(item) {
    close();
    if (await tell(item.choose()) === undefined) return;
    box.value = '';
    box.dispatchEvent(new Event('input'));
    box.focus();
  }

  function onInput() {
    const typed = box.value.slice(0, box.selectionStart);
    chosen = 0;
    items = inline.ask(typed) ? [] : find(typed);
    draw();
  }

  box.addEventListener('input', onInput);
  // Later, and only if the focus stays away: a press of the button "Commands" takes it for a moment.
  box.addEventListener('blur', () => setTimeout(() => document.activeElement === box || close(), 100));
  return {
    close,
    onKey(event) {
      if (!items.length) return false;
      if (chosen < 0 ? event.key === 'Enter' || event.key === 'Tab' : event.key === 'Enter' && items[chosen].isTyped) {
        close(); // the words are whole, so Enter sends them
        return false;
      }
      const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      if (step) {
        chosen = chosen < 0 && step < 0 ? items.length - 1 : (chosen + step + items.length) % items.length;
        draw();
      } else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) take(chosen, event.key === 'Tab');
      else if (event.key === 'Escape') close();
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

function find(typed) {
  const chat = state.chats.get(state.chatId);
  if (!chat) return [];
  const inGroup = chat.type !== 'private';
  const command = /^\/(\w*)$/.exec(typed);
  if (command && (!inGroup || chat.bot_is_member)) {
    const known = (inGroup ? state.commands.group : state.commands.private) ?? [];
    return known.filter((c) => c.command.startsWith(command[1].toLowerCase())).map((c) => {
      const words = `/${c.command}${inGroup ? `@${state.bot.username}` : ''}`;
      return {title: `/${c.command}`, hint: c.description, send: words, fill: `${words} `};
    });
  }
  const mention = /(?:^|\s)@(\w*)$/.exec(typed);
  if (mention && inGroup) {
    const members = (chat.members ?? []).map(personById).filter(Boolean);
    const reached = chat.bot_is_member ? chat.bot_reads_all : state.bot.supports_guest_queries;
    const all = reached ? [state.bot, ...members.filter((m) => m.id !== state.bot.id)] : members;
    return all.filter((u) => u.id !== state.me.id && u.username?.toLowerCase().startsWith(mention[1].toLowerCase()))
      .map((u) => ({isTyped: u.username.toLowerCase() === mention[1].toLowerCase(), before: userAvatar(u, '.small'), title: name(u), hint: `@${u.username}`, fill: `@${u.username} `}));
  }
  return [];
}
