/* A pen for the picture view: a person draws around a place or taps on it, says what should change there, and sends the marked copy
   as a reply. The bot finds the strokes by comparing the copy with the picture. Imports dom, icons. */

import {el} from './dom.js';
import {icon} from './icons.js';

const INK = '#ff3b30';
const WIDTH = 0.012; // of the picture's longer side
const TAP = 2.5 * WIDTH; // what is no longer than this is no line to the bot, which takes a dot for a retouched spot
const RING = 0.03; // drawn around a tap instead: its radius
const QUALITY = 0.92;

/**
 * Let a person draw on `image`, which lies in `stage`. Returns {bar, end}: what to show below the picture, and how to
 * stop. `send(file, words)` gets the marked copy; `leave()` is called when the person stops without sending.
 * `call`: what the words must begin with for the bot to get them.
 */
export function startPen(stage, image, {send, leave, call = ''}) {
  const strokes = [];
  const sheet = el('canvas.pen-sheet', {'aria-label': 'Draw around the place that should change, or tap on it', role: 'img'});
  const words = el('textarea', {rows: '1', dir: 'auto', id: 'pen-words', placeholder: 'What should change?', 'aria-label': 'What should change at the marked place'});
  const done = el('button.icon-button.send', {type: 'button', id: 'pen-send', 'aria-label': 'Send', title: 'Send', on: {click: finish}}, icon('send'));
  const back = el('button.icon-button', {type: 'button', 'aria-label': 'Take the last stroke back', title: 'Take the last stroke back', on: {click: () => { strokes.pop(); draw(); }}}, icon('undo'));
  const hint = el('p.pen-hint', {role: 'status'});
  const bar = el('div.pen-bar', null, hint, el('div.pen-row', null,
    el('button.icon-button', {type: 'button', 'aria-label': 'Stop drawing', title: 'Stop drawing', on: {click: leave}}, icon('close')), back, words, done));
  words.value = call;
  const pen = sheet.getContext('2d');
  sheet.width = image.naturalWidth;
  sheet.height = image.naturalHeight;

  function place() {
    const box = image.getBoundingClientRect();
    const ground = stage.getBoundingClientRect();
    Object.assign(sheet.style, {left: `${box.left - ground.left}px`, top: `${box.top - ground.top}px`, width: `${box.width}px`, height: `${box.height}px`});
  }

  function paint(on) {
    Object.assign(on, {strokeStyle: INK, lineCap: 'round', lineJoin: 'round', lineWidth: Math.max(sheet.width, sheet.height) * WIDTH});
    for (const [first, ...rest] of strokes) {
      on.beginPath();
      on.moveTo(...first);
      for (const point of rest.length ? rest : [first]) on.lineTo(...point);
      on.stroke();
    }
  }

  function draw() {
    pen.clearRect(0, 0, sheet.width, sheet.height);
    paint(pen);
    back.disabled = !strokes.length;
    done.disabled = !strokes.length || ['', call.trim()].includes(words.value.trim());
    hint.textContent = strokes.length ? 'Now say what should change there.' : 'Draw around the place that should change, or tap on it.';
  }

  /** Return a stroke as it is, or a ring around it if it was a tap. */
  function lineOf(stroke) {
    const side = Math.max(sheet.width, sheet.height);
    const [left, top] = [0, 1].map((axis) => Math.min(...stroke.map((point) => point[axis])));
    const [right, bottom] = [0, 1].map((axis) => Math.max(...stroke.map((point) => point[axis])));
    if (Math.max(right - left, bottom - top) > TAP * side) return stroke;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const angles = Array.from({length: 33}, (_, step) => step * Math.PI / 16);
    return angles.map((angle) => [x + RING * side * Math.cos(angle), y + RING * side * Math.sin(angle)]);
  }

  const at = (event) => {
    const box = sheet.getBoundingClientRect();
    return [(event.clientX - box.left) * sheet.width / box.width, (event.clientY - box.top) * sheet.height / box.height];
  };
  const on = (name, handler) => sheet.addEventListener(name, (event) => {
    event.stopPropagation(); // the stage below would drag and zoom
    handler?.(event);
  });
  on('pointerdown', (event) => {
    sheet.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    draw();
  });
  on('pointermove', (event) => {
    if (!sheet.hasPointerCapture(event.pointerId)) return;
    strokes.at(-1).push(...(event.getCoalescedEvents?.() ?? [event]).map(at));
    draw();
  });
  on('pointerup', () => {
    strokes.push(lineOf(strokes.pop() ?? []));
    draw();
  });
  for (const name of ['click', 'dblclick', 'wheel']) on(name);
  words.addEventListener('input', draw);
  words.addEventListener('keydown', (event) => {
    event.stopPropagation(); // the picture view has keys of its own
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!done.disabled) finish();
  });

  async function finish() {
    const copy = el('canvas');
    copy.width = sheet.width;
    copy.height = sheet.height;
    const both = copy.getContext('2d');
    both.drawImage(image, 0, 0);
    paint(both);
    const blob = await new Promise((give) => copy.toBlob(give, 'image/jpeg', QUALITY));
    send(new File([blob], 'marked.jpg', {type: 'image/jpeg'}), words.value.trim());
  }

  const resized = new ResizeObserver(place);
  resized.observe(stage);
  stage.append(sheet);
  place();
  draw();
  return {
    bar,
    end() {
      resized.disconnect();
      sheet.remove();
      bar.remove();
    },
  };
}
