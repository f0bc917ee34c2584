import { render } from 'preact';
import { App } from './app.js';
import { Clock } from './clock.js';
import { Details } from './details.js';
import { Stream } from './stream.js';
import { View } from './view.js';

/** Milliseconds between two looks at the clock: the page notices a silence at the next one. */
const TICK = 250;

const root = document.getElementById('page') as HTMLElement;
const clock = new Clock();
const view = new View(clock, draw);
const details = new Details(view, draw);
new Stream((message, id) => {
  if (message.kind === 'beat') clock.beat(message.data);
  view.receive(message, id);
}).open();

let isDrawing = false;

/** Draws the page at the next frame, once for many changes. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    render(<App view={view} details={details} />, root);
    document.title = view.title;
  });
}

setInterval(draw, TICK);
document.addEventListener('keydown', (event) => view.key(event));
draw();
