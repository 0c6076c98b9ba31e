/* Everything that lies above the page for a moment: menus, dialogs, toasts, alerts. Handles focus, Escape and clicks
   beside it. Imports dom and icons. */

import {$, el} from './dom.js';
import {icon} from './icons.js';

let closeMenu = null;

/**
 * Open a menu at `anchor` (an element, or {x, y} in CSS px). `items`: {icon, label, run, href, danger, checked, node}.
 * Arrow keys move, up and down past a row as a whole; Escape closes, focus returns to where it was.
 */
export function openMenu(anchor, items, {label = 'Menu', above = null} = {}) {
  closeMenu?.();
  const back = document.activeElement;
  const menu = el('div.menu', {role: 'menu', 'aria-label': label, tabindex: '-1'}, above, items.filter(Boolean).map(menuItem));
  const veil = el('div.menu-veil', {on: {pointerdown: (event) => { event.preventDefault(); close(); }, contextmenu: (event) => { event.preventDefault(); close(); }}});

  function close(restore = true) {
    menu.remove();
    veil.remove();
    closeMenu = null;
    if (restore && back?.isConnected) back.focus({preventScroll: true});
  }

  function menuItem(item) {
    if (item.node) return item.node;
    const role = item.checked === undefined ? 'menuitem' : 'menuitemradio';
    return el(`button.menu-item${item.danger ? '.danger' : ''}`, {
      type: 'button', role, tabindex: '-1', 'aria-checked': item.checked === undefined ? null : String(item.checked),
      on: {click: () => { close(); item.run(); }},
    }, item.before ?? (item.icon ? icon(item.icon, 20) : null), el('span', {dir: 'auto', text: item.label}), item.checked ? icon('check', 18) : null);
  }

  menu.addEventListener('keydown', (event) => {
    const stops = [...menu.querySelectorAll('button')];
    const at = stops.indexOf(document.activeElement);
    const step = {ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1}[event.key];
    const row = /Up|Down/.test(event.key) && stops[at]?.closest('[role="group"]');
    let to = at;
    do to = (to + step + stops.length) % stops.length; while (row && to !== at && row.contains(stops[to]));
    if (step) stops[to].focus();
    else if (event.key === 'Home') stops[0].focus();
    else if (event.key === 'End') stops.at(-1).focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  closeMenu = close;
  document.body.append(veil, menu);
  place(menu, anchor);
  (menu.querySelector('[aria-checked="true"]') ?? menu.querySelector('button'))?.focus({preventScroll: true});
  return close;
}

function place(menu, anchor) {
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : {left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y};
  const {width, height} = menu.getBoundingClientRect();
  const below = box.bottom + height + 8 <= innerHeight;
  const left = box.left + width + 8 <= innerWidth ? box.left : box.right - width;
  const top = below ? box.bottom + 4 : Math.max(8, box.top - height - 4);
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
  menu.style.transformOrigin = below ? 'top left' : 'bottom left';
}

/** Show a modal dialog with a title; resolves with what `close(value)` was given, or null. `build(close)` makes the body. */
export function openDialog(title, build, {className = ''} = {}) {
  return new Promise((resolve) => {
    let result = null;
    const dialog = el(`dialog.dialog${className}`, {'aria-labelledby': 'dialog-title'});
    const close = (value = null) => {
      result = value;
      dialog.close();
    };
    dialog.append(
      el('header.dialog-head', null, el('h2', {id: 'dialog-title', text: title}),
        el('button.icon-button', {type: 'button', 'aria-label': 'Close', on: {click: () => close()}}, icon('close'))),
      build(close),
    );
    dialog.addEventListener('pointerdown', (event) => event.target === dialog && close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[data-focus]')?.focus();
  });
}

/** A sentence that must be read, as Telegram's show_alert. */
export function openAlert(title, text) {
  return openDialog(title, (close) => el('div.dialog-body', null,
    el('p', {text, dir: 'auto'}),
    el('div.dialog-actions', null, el('button.button.primary', {type: 'button', data: {focus: ''}, on: {click: () => close()}}, 'OK'))), {className: '.small'});
}

/** A sentence that passes. `kind`: plain or error. */
export function toast(text, kind = 'plain') {
  const node = el(`div.toast.${kind}`, {dir: 'auto'}, kind === 'error' ? icon('alert', 20) : null, el('span', {text}));
  $('toasts').append(node);
  setTimeout(() => {
    node.classList.add('going');
    setTimeout(() => node.remove(), 250);
  }, kind === 'error' ? 6000 : 3200);
}

/** Run a promise's work and show its failure as a toast; resolves to undefined then. */
export async function tell(work) {
  try {
    return await work;
  } catch (error) {
    toast(error.message, 'error');
    return undefined;
  }
}
