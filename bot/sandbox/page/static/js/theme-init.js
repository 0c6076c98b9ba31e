/* Sets the colour theme before the first paint, so that a dark page never flashes white: what the person chose, else what
   the system wishes. A classic script on purpose: modules run too late. */
(function () {
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* storage may be forbidden: the system's choice then rules */ }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = theme === 'light' || theme === 'dark' ? theme : dark ? 'dark' : 'light';
})();
