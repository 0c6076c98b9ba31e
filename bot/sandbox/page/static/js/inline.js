/* Inline mode: what the bot offers for words behind its name, in any chat. Imports the api, dom and the store. */

import {api, fileUrl} from './api.js';
import {el} from './dom.js';
import {state} from './store.js';

const REST_MS = 400;
const LOOK_MS = 100;
const MOST_LOOKS = 50;

/** Ask the bot once the typed words rest, and show(items) what it offers. Returns {ask(typed) -> whether it is asked, stop()}. */
export function startInline(show) {
  let resting = null;
  let newest = 0;
  function stop() {
    clearTimeout(resting);
    newest += 1;
  }
  function ask(typed) {
    stop();
    const mine = newest;
    const words = wordsBehindName(typed);
    if (words === null) return false;
    resting = setTimeout(async () => {
      // While somebody types there is nobody to tell of a failure.
      const items = await offered(words).catch(() => []);
      if (mine === newest) show(items);
    }, REST_MS);
    return true;
  }
  return {ask, stop};
}

function wordsBehindName(typed) {
  if (!state.bot?.supports_inline_queries || !state.chats.has(state.chatId)) return null;
  const found = /^@(\w+)\s(.*)$/s.exec(typed);
  return found && found[1].toLowerCase() === state.bot.username.toLowerCase() ? found[2] : null;
}

async function offered(words) {
  const [as, chatId] = [state.me.id, state.chatId];
  const {query_id: query} = await api.type(as, chatId, words);
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const found = await api.offered(query);
    if (found.answered) return found.results.map((result) => item(result, () => api.choose(as, chatId, query, result.id)));
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return [];
}

function item(result, choose) {
  const size = result.content.photo?.[0];
  return {
    choose,
    before: size ? el('img', {src: fileUrl(size.file_id), alt: '', width: '44', height: '44'}) : null,
    title: result.title || 'One of your pictures',
    hint: result.description || 'send it here',
  };
}
