/* The page's own line icons, drawn on a 24 by 24 grid. Made as SVG nodes, so that they take the text's colour and need
   no request. Imports nothing. */

const PATHS = {
  alert: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.2',
  attach: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L9.9 17.2a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  back: 'M15 5l-7 7 7 7',
  block: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12',
  bot: 'M5 9.5h14v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5zM12 9.5V5M9.5 14v1M14.5 14v1M12 3.5v.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checks: 'M2 12.8l4 4 8.5-9M10.5 15.8l1 1L20.5 7.8',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.3l2.7 1.7',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM15 9V4.5H5V15h4',
  command: 'M5 3.5h14a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V5A1.5 1.5 0 0 1 5 3.5zM14 8l-4 8',
  down: 'M5 9l7 7 7-7',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5',
  file: 'M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5',
  forward: 'M13 6l6.5 6-6.5 6v-3.7C8 14.3 5.5 16 4 19c0-5 3-9 9-9.3z',
  group: 'M9 11.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6zM2.8 19.5c.4-3.7 2.9-5.5 6.2-5.5s5.8 1.8 6.2 5.5M16 11.3a2.8 2.8 0 1 0-1.2-5.3M17.5 14c2.2.5 3.5 2.2 3.7 5',
  hash: 'M9.5 4L7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8v.2',
  layers: 'M12 4l9 4.8-9 4.8-9-4.8zM3.5 13l8.5 4.5 8.5-4.5M3.5 16.8l8.5 4.5 8.5-4.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  minus: 'M5 12h14',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  more: 'M12 6v.1M12 12v.1M12 18v.1',
  picture: 'M4 5h16v14H4zM4.5 17l5-6 4 4.5 2.5-2.5 4 4.5M15.5 9v.1',
  plus: 'M12 5v14M5 12h14',
  remove: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  reply: 'M11 6l-6.5 6 6.5 6v-3.7c5 0 7.5 1.7 9 4.7 0-5-3-9-9-9.3z',
  send: 'M4 12l-.7-7.5L21 12 3.3 19.5zM4 12h8',
  stop: 'M7 7h10v10H7z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  undo: 'M9 5L4.5 9.5 9 14M5 9.5h9a5.2 5.2 0 0 1 0 10.4H9',
  up: 'M12 19V6M6 11.5L12 5.5l6 6',
  upgrade: 'M12 20V9M7 13.5l5-5 5 5M5 4.5h14',
};

const SVG = 'http://www.w3.org/2000/svg';

/** Draw an icon; it is decoration, so the button around it needs a label of its own. */
export function icon(name, size = 22) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const attributes = {
    viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true', class: `icon icon-${name}`, fill: 'none',
    stroke: 'currentColor', 'stroke-width': name === 'more' ? 3 : 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  path.setAttribute('d', PATHS[name] ?? PATHS.info);
  svg.append(path);
  return svg;
}
