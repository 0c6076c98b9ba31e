/* Zooming and dragging of one picture inside a stage, by wheel, pinch, double press and drag. Imports nothing. */

const LARGEST = 8;

/** Make `image` zoomable inside `stage`. `beside()` is called when the person presses beside the picture. */
export function zoomable(stage, image, beside) {
  let scale = 1;
  let x = 0;
  let y = 0;
  let moved = false;
  const pointers = new Map();
  const abort = new AbortController();
  const on = (name, handler) => stage.addEventListener(name, handler, {signal: abort.signal, passive: false});

  const apply = () => {
    image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    stage.classList.toggle('zoomed', scale > 1);
  };
  const reset = () => {
    [scale, x, y] = [1, 0, 0];
    apply();
  };

  /** Scale by a factor, keeping the point (px from the stage's middle) where it is. */
  function by(factor, px = 0, py = 0) {
    const next = Math.min(Math.max(scale * factor, 1), LARGEST);
    x = px - (px - x) * (next / scale);
    y = py - (py - y) * (next / scale);
    scale = next;
    if (scale === 1) [x, y] = [0, 0];
    apply();
  }

  const fromMiddle = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  };
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };

  on('wheel', (event) => {
    event.preventDefault();
    by(Math.exp(-event.deltaY / 300), ...fromMiddle(event));
  });
  on('dblclick', (event) => (scale > 1 ? reset() : by(2.5, ...fromMiddle(event))));
  on('pointerdown', (event) => {
    pointers.set(event.pointerId, event);
    moved = false;
    stage.setPointerCapture(event.pointerId);
  });
  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const distance = pointers.size === 2 ? spread() : 0;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2 && distance > 0) by(spread() / distance, ...fromMiddle(event));
    else if (scale > 1) {
      x += event.clientX - before.clientX;
      y += event.clientY - before.clientY;
      apply();
    }
    if (Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) > 2) moved = true;
  });
  for (const name of ['pointerup', 'pointercancel']) on(name, (event) => pointers.delete(event.pointerId));
  on('click', (event) => {
    const box = image.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside && !moved) beside();
  });
  return {by, reset, end: () => abort.abort()};
}
