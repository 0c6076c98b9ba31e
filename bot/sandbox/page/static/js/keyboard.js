/* Inline keyboards under a message. A pressed button spins until the bot answers; the answer is a toast, or a dialog
   when the bot asks for one. An invoice has the button Pay, which asks first, and after that a button to its receipt.
   Imports api, events, overlays, the store. */

import {api} from './api.js';
import {el} from './dom.js';
import {callbackAnswer} from './events.js';
import {chatTitle} from './avatar.js';
import {icon} from './icons.js';
import {openAlert, openDialog, tell, toast} from './overlay.js';
import {receiptOf, state} from './store.js';

const waiting = new Set(); // "chat:message:data" of buttons whose answer is awaited

/** The keyboard of a message, or null. `on.jump(id)` shows another message. */
export function keyboard(message, on = {}) {
  const rows = message.reply_markup?.inline_keyboard ?? (message.invoice ? [[payKey(message)]] : null);
  if (!rows?.length) return null;
  return el('div.keyboard', {role: 'group', 'aria-label': 'Buttons'}, rows.map((row) => el('div.keyboard-row', null, row.map((button) => key(message, button, on)))));
}

/** The button of an invoice: where it is paid, clients call it Receipt (core.telegram.org/constructor/messageMediaInvoice). */
function payKey(message) {
  return receiptOf(message) ? {text: 'Receipt', receipt: receiptOf(message)} : {text: `Pay ⭐ ${message.invoice.total_amount}`, pay: true};
}

function key(message, button, on) {
  if (button.url) return el('a.key', {href: safe(button.url), target: '_blank', rel: 'noopener noreferrer', dir: 'auto', text: button.text});
  const id = `${message.chat.id}:${message.message_id}:${button.callback_data}`;
  const node = el('button.key', {type: 'button', dir: 'auto', 'aria-busy': String(waiting.has(id)), on: {click: () => (button.receipt ? on.jump?.(button.receipt) : press(node, message, button, id))}},
    el('span', {text: button.text}), el('span.spinner', {'aria-hidden': 'true'}));
  return node;
}

const safe = (url) => (/^(https?|tg|mailto):/i.test(url) ? url : null);

async function press(node, message, button, id) {
  if (button.pay) return pay(node, message);
  if (button.copy_text) return copy(button.copy_text.text);
  if (button.callback_data === undefined) return toast('This kind of button works in Telegram only.');
  if (waiting.has(id)) return undefined;
  waiting.add(id);
  node.setAttribute('aria-busy', 'true');
  await tell((async () => {
    const {callback_query_id: query} = await api.press(state.me.id, message.chat.id, message.message_id, button.callback_data);
    const answer = await callbackAnswer(query);
    if (answer === null) toast('The bot did not answer this button.');
    else if (answer.text && answer.show_alert) openAlert(chatTitle({type: 'private'}), answer.text);
    else if (answer.text) toast(answer.text);
  })());
  waiting.delete(id);
  node.setAttribute('aria-busy', 'false');
  return undefined;
}

async function pay(node, message) {
  if (node.getAttribute('aria-busy') === 'true' || !(await agrees(message.invoice))) return;
  node.setAttribute('aria-busy', 'true');
  await tell((async () => {
    const {stars} = await api.pay(state.me.id, message.chat.id, message.message_id);
    toast(`Paid. You have ⭐ ${stars} left.`);
  })());
  node.setAttribute('aria-busy', 'false');
}

/** Ask whether something shall be bought, as clients do before Stars are taken. */
function agrees(invoice) {
  return openDialog('Confirm your purchase', (close) => el('div.dialog-body', null,
    el('p', {dir: 'auto', text: `Do you want to buy “${invoice.title}” for ⭐ ${invoice.total_amount}? You have ⭐ ${state.stars}.`}),
    el('div.dialog-actions', null,
      el('button.button.plain', {type: 'button', on: {click: () => close()}}, 'Cancel'),
      el('button.button.primary', {type: 'button', data: {focus: ''}, on: {click: () => close(true)}}, 'Pay'))), {className: '.small'});
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('Copied');
  } catch {
    toast('The browser does not let this page copy.', 'error');
  }
}

/** Mark for pictures: a small check that something is on its way. */
export const pendingMark = () => el('span.ticks', {title: 'On its way'}, icon('clock', 15));
