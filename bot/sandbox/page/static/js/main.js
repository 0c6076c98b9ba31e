/* Starts the page: finds out who is looking, loads their chats, opens the event stream, and ties the parts together.
   Imports everything; nothing imports it. */

import {messageMenu, react} from './actions.js';
import {api} from './api.js';
import {edit, focusBox, reply, startComposer} from './composer.js';
import {$} from './dom.js';
import {listen} from './events.js';
import {startHeader} from './header.js';
import {refreshHood, toggleHood} from './hood.js';
import {toggleInfo} from './info.js';
import {openLightbox} from './lightbox.js';
import {newGroupDialog, newTopicDialog} from './newgroup.js';
import {arrived, discard, retry, sendWish, submit} from './outbox.js';
import {tell} from './overlay.js';
import {closePanel, onPanelChange, panelName} from './panel.js';
import {applyRoute, go, readRoute, routeTo} from './route.js';
import {startSidebar} from './sidebar.js';
import {emit, isBot, loadNewest, setOnline, state, subscribe, takeState} from './store.js';
import {startTimeline} from './timeline.js';
import {watchTheme} from './theme.js';
import {recall, remember} from './unread.js';

const FIRST_PERSON = 1001;
const WIDE = matchMedia('(min-width: 760px)');

async function loadPerson(id) {
  takeState(await api.state(id));
  remember('person', String(state.me.id));
}

async function boot() {
  const wanted = readRoute().me ?? Number(recall('person') ?? FIRST_PERSON);
  try {
    await loadPerson(wanted);
  } catch {
    await loadPerson(FIRST_PERSON); // the person in the address is not known here
  }
}

/** Follow the address: another person, another chat. */
async function showRoute() {
  const {me} = readRoute();
  if (me !== null && me !== state.me?.id) {
    await tell(loadPerson(me));
    if (state.me?.id !== me) return;
  }
  applyRoute();
  if (state.chatId === null && WIDE.matches && state.me) go(state.me.id, 0, {replace: true});
  $('app').dataset.view = state.chatId === null ? 'list' : 'chat';
}

/** The event stream is open: ask for everything that is shown, for the first time or once more. */
async function catchUp() {
  try {
    if (!state.me) await boot();
    else takeState(await api.state(state.me.id));
    await Promise.all([...state.chats.keys()].map((chatId) => loadNewest(chatId, true)));
  } catch {
    setOnline(false);
    setTimeout(catchUp, 1000);
    return;
  }
  setOnline(true);
  showRoute();
}

function switchPerson(id) {
  closePanel();
  const chat = state.chats.get(state.chatId);
  const stays = chat && chat.type !== 'private' && chat.members.includes(id);
  const target = stays ? routeTo(chat.id, state.topic, id) : routeTo(WIDE.matches ? id : null, 0, id);
  location.hash = target;
}

function onMessage(message, isNew) {
  if (isNew) arrived(message);
  const grown = message.migrate_to_chat_id;
  if (grown && message.chat.id === state.chatId) followUpgrade(grown);
  if (isBot(message.from)) refreshHood();
}

async function followUpgrade(chatId) {
  takeState(await api.state(state.me.id));
  if (!state.chats.has(chatId)) return;
  await tell(loadNewest(chatId));
  go(chatId, 0, {replace: true});
}

/** A link to this bot opens the person's own chat with it and starts it there, with what the link carries. */
function followDeepLink(event) {
  const link = event.target.closest?.('a[href]');
  const found = link && /^https:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/.exec(link.href);
  if (found?.[1] !== state.bot?.username || !state.me) return;
  event.preventDefault();
  go(state.me.id);
  submit({text: `/start ${found[2]}`, chatId: state.me.id, topic: 0});
}

const messageActions = {reply, edit, open: openLightbox};

function start() {
  startTimeline({
    open: openLightbox,
    menu: (message, anchor) => messageMenu(message, anchor, messageActions),
    react,
    command: (words) => submit({text: words}),
    retry,
    discard,
    stop: (draft) => tell(api.stop(state.me.id, draft)),
    wish: sendWish,
  });
  startComposer();
  startSidebar({newGroup: newGroupDialog, switchPerson});
  const redrawHead = startHeader({
    info: toggleInfo,
    hood: toggleHood,
    back: () => go(null),
    newTopic: () => newTopicDialog(state.chats.get(state.chatId)),
  }, panelName);
  onPanelChange(redrawHead);
  subscribe(({kind}) => {
    if (kind === 'route') {
      if (panelName() === 'info') closePanel();
      if (state.chatId !== null) focusBox();
    }
    if (kind === 'state' && state.ready) {
      showRoute();
      loadMissing();
    }
  });
  addEventListener('hashchange', showRoute);
  addEventListener('click', followDeepLink);
  $('skip').addEventListener('click', (event) => {
    event.preventDefault();
    $('composer-text')?.focus();
  });
  watchTheme(() => emit('state'));
}

const asked = new Set();

/** Load the messages of chats that appeared, for instance a group that somebody else made. */
function loadMissing() {
  for (const chatId of state.chats.keys()) {
    const key = `${state.me.id}:${chatId}`;
    if (asked.has(key)) continue;
    asked.add(key);
    loadNewest(chatId).catch(() => asked.delete(key));
  }
}

start();
listen({onMessage, onOpen: catchUp});
