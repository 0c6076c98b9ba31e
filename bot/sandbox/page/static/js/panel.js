/* The pane at the right: one at a time, closed by default. Opens and closes it and moves the focus. Imports dom, icons. */

import {$, el, fill} from './dom.js';
import {icon} from './icons.js';

let open = null; // {name, close}
let changed = () => {};

export const panelName = () => open?.name ?? null;

/** Tell `listener` when a pane opens or closes. */
export function onPanelChange(listener) {
  changed = listener;
}

/** Open a pane. `build(body)` fills it and may return a function to call when it closes. The open one is toggled shut. */
export function togglePanel(name, title, build) {
  if (open?.name === name) return closePanel();
  open?.cleanUp?.();
  const back = document.activeElement;
  const panel = $('panel');
  const body = el('div.panel-body');
  const shut = el('button.icon-button', {type: 'button', 'aria-label': `Close ${title}`, on: {click: closePanel}}, icon('close'));
  panel.setAttribute('aria-label', title);
  panel.hidden = false;
  panel.dataset.name = name;
  fill(panel, el('header.panel-head', null, el('h2', {text: title}), shut), body);
  $('app').classList.add('with-panel');
  panel.onkeydown = (event) => event.key === 'Escape' && !event.defaultPrevented && closePanel();
  open = {name, back, cleanUp: build(body)};
  shut.focus({preventScroll: true});
  changed();
  return undefined;
}

export function closePanel() {
  if (!open) return;
  const {back, cleanUp} = open;
  open = null;
  cleanUp?.();
  $('panel').hidden = true;
  $('panel').replaceChildren();
  $('app').classList.remove('with-panel');
  if (back?.isConnected) back.focus({preventScroll: true});
  changed();
}
