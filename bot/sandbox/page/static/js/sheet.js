/* The sheet before files are sent: previews, a caption, "send as file". Imports dom, overlays, format. */

import {el, fill} from './dom.js';
import {size} from './format.js';
import {icon} from './icons.js';
import {openDialog} from './overlay.js';
import {mosaic} from './media.js';

/** Let the person choose files; resolves to an array, empty when nothing was chosen. */
export function pickFiles(accept) {
  return new Promise((resolve) => {
    const input = el('input', {type: 'file', multiple: true, accept: accept || null, id: 'file-input', hidden: true, 'aria-label': 'Files to send'});
    input.addEventListener('change', () => {
      resolve([...input.files]);
      input.remove();
    });
    input.addEventListener('cancel', () => {
      resolve([]);
      input.remove();
    });
    document.body.append(input);
    input.click();
  });
}

const isPhoto = (file) => /^image\/(jpeg|png|webp|gif|bmp)$/.test(file.type);

/** Show the sheet; resolves to {files, text, asFile} or null. */
export function sendSheet(files, {asFile = false, caption = ''} = {}) {
  const urls = new Map(files.map((file) => [file, isPhoto(file) ? URL.createObjectURL(file) : null]));
  const onlyFiles = () => !files.some(isPhoto);
  const flag = el('input', {type: 'checkbox', id: 'as-file', role: 'switch', checked: asFile || onlyFiles()});
  const words = el('textarea', {rows: '1', dir: 'auto', placeholder: 'What should happen with it?', 'aria-label': 'Caption', data: {focus: ''}, id: 'caption'});
  words.value = caption;
  const previews = el('div.sheet-previews');
  const title = () => (files.length === 1 ? (isPhoto(files[0]) ? 'Send a photo' : 'Send a file') : `Send ${files.length} ${onlyFiles() ? 'files' : 'photos'}`);

  const drawPreviews = async () => {
    const ratios = await Promise.all(files.map((file) => ratioOf(urls.get(file))));
    const large = !flag.checked && ratios.every(Boolean);
    fill(previews, large ? mosaic(ratios).map((row) => el('div.album-row', {vars: {'--ratio': Math.max(row.reduce((sum, i) => sum + ratios[i], 0), 0.9)}}, row.map((i) => tile(files[i], ratios[i])))) : files.map(line));
    const heading = previews.closest('dialog')?.querySelector('h2');
    if (heading) heading.textContent = title();
  };
  const drop = (file) => el('button.icon-button.sheet-drop', {type: 'button', 'aria-label': `Leave out ${file.name}`, on: {click: () => {
    files.splice(files.indexOf(file), 1);
    if (files.length) drawPreviews();
    else previews.closest('dialog').close();
  }}}, icon('close', 18));
  const tile = (file, ratio) => el('div.sheet-tile', {vars: {'--grow': ratio}}, el('img', {src: urls.get(file), alt: file.name}), drop(file));
  const line = (file) => el('div.sheet-line', null, urls.get(file) ? el('img', {src: urls.get(file), alt: '', width: '48', height: '48'}) : el('span.file-badge', null, icon('file', 22)),
    el('span.file-text', null, el('span.file-name', {dir: 'auto', text: file.name}), el('span.file-size', {text: size(file.size)})), drop(file));

  const shown = openDialog(title(), (close) => {
    const send = () => close({files, text: words.value, asFile: flag.checked});
    words.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    });
    words.addEventListener('input', () => {
      words.style.height = 'auto';
      words.style.height = `${Math.min(words.scrollHeight, 140)}px`;
    });
    flag.addEventListener('change', drawPreviews);
    return el('div.dialog-body', null, previews, el('label.switch', {for: 'as-file'}, flag, el('span', {text: 'Send as file, without compression'})),
      el('div.sheet-row', null, words, el('button.icon-button.send', {type: 'button', 'aria-label': 'Send', id: 'sheet-send', on: {click: send}}, icon('send'))));
  }, {className: '.sheet'});
  drawPreviews();
  return shown.finally(() => [...urls.values()].forEach((url) => url && URL.revokeObjectURL(url)));
}

/** Width to height of a picture, held within what a mosaic can show; null when it cannot be shown. */
async function ratioOf(url) {
  if (!url) return null;
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return null;
  }
  return Math.min(Math.max(image.naturalWidth / image.naturalHeight, 0.55), 2.2);
}
