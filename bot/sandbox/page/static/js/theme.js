/* Light and dark: the system's choice until the person presses the switch. Imports unread's storage only. */

import {recall, remember} from './unread.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export const currentTheme = () => document.documentElement.dataset.theme;

export function toggleTheme() {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  remember('theme', next);
}

/** Follow the system as long as the person chose nothing; `draw` is called after a change. */
export function watchTheme(draw) {
  dark.addEventListener('change', () => {
    if (recall('theme')) return;
    document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
    draw();
  });
}
