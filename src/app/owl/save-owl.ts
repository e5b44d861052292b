import { count } from '../../experiment/numbers.ts';
import { editWords } from '../../experiment/targets/names.ts';
import { paintCanvas } from '../../kit/grids/heatmap.tsx';
import { noticeEvent } from '../../state/notices.ts';
import { filmShots, missingWords, numbersIn, type OwlSnapshot, owlLinkOf, trainedOwls } from '../../state/owl/owl.ts';
import { type ReadyModule, shownModule } from '../../state/run/run.ts';
import type { State, Store } from '../../state/state.ts';
import { MARK } from '../../ui/bar/mark.tsx';
import { owlPixels } from '../../ui/strip/owl-pixels.ts';
import { save } from '../files.ts';
import { token } from '../saving/pictures.ts';
import { newCanvas, saveCuts } from '../saving/recorder.ts';

const FILE = 'lora-explorer-owl';

/** Saves or shares the owls of the open panel: does nothing until all are trained. */
export async function carryOutOwl(what: 'picture' | 'film' | 'share', store: Store): Promise<void> {
  const state = store.state();
  const module = shownModule(state);
  const owls = trainedOwls(state.owl);
  if (!module || !owls) return;
  await Promise.all((['--serif', '--sans'] as const).map((family) => document.fonts.load(`20px ${shipped(family)}`)));
  await document.fonts.load(`italic 20px ${shipped('--serif')}`);
  if (what === 'film') {
    const context = newCanvas(FILM.side, FILM.side);
    const cuts = filmShots(state.owl ?? []).map(({ shot, ms }) => ({
      draw: () => drawShot(context, module, shot),
      ms,
    }));
    return saveCuts(store, FILE, context, async () => cuts);
  }
  const picture = await pngOf(owlPicture(state, module, owls));
  if (what === 'picture') {
    save(`${FILE}.png`, picture);
    return store.dispatch(noticeEvent('file', 'brief', 'The picture was saved.'));
  }
  const files = [new File([picture], `${FILE}.png`, { type: picture.type })];
  const url = new URL(owlLinkOf(state) ?? '', location.href).href;
  await navigator.share({ title: 'My owl, one rank at a time', url, files }).catch((error: unknown) => {
    // The share sheet was closed.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  });
}

/** The first family of a list: those after it are stand-ins of the machine, and one that it lacks would fail the load. */
const shipped = (family: '--serif' | '--sans') => token(family).split(',', 1)[0];

async function pngOf({ canvas }: CanvasRenderingContext2D): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the picture could not be made a PNG');
  return blob;
}

type Context = CanvasRenderingContext2D;
type TextStyle = readonly [font: 'serif' | 'italic' | 'sans' | 'bold', size: number, colour: string];

function write(context: Context, text: string, x: number, y: number, [font, size, colour]: TextStyle): number {
  const weight = { serif: '', italic: 'italic ', sans: '', bold: 'bold ' }[font];
  context.font = `${weight}${size}px ${token(font === 'sans' || font === 'bold' ? '--sans' : '--serif')}`;
  context.fillStyle = token(colour);
  context.fillText(text, x, y);
  return x + context.measureText(text).width;
}

function clear(context: Context): void {
  context.fillStyle = token('--paper');
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** The owl at the bottom of a square of `side` px, with a hairline around it. */
function drawOwl(context: Context, module: ReadyModule, owl: OwlSnapshot, x: number, top: number, side: number): void {
  const cells = document.createElement('canvas');
  paintCanvas(cells, owlPixels(module, owl));
  const unit = side / Math.max(cells.width, cells.height);
  const [width, height] = [cells.width * unit, cells.height * unit];
  const y = top + side - height;
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, x, y, width, height);
  context.strokeStyle = token('--axis');
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
}

const PICTURE = { width: 1200, height: 630, margin: 64, side: 256, apart: 272, top: 254 };

/** All owls in a row, under the name of the page. */
function owlPicture(state: State, module: ReadyModule, owls: readonly OwlSnapshot[]): Context {
  const { width, height, margin, side, apart, top } = PICTURE;
  const context = newCanvas(width, height);
  clear(context);
  drawMark(context, margin, 36, 4);
  write(context, 'LoRA Explorer', margin + 86, 86, ['italic', 62, '--ink']);
  const { edit, data } = state.experiment;
  const wears = editWords.byName(edit).worn.replace(/^\w+ /, '');
  const first = data === '' ? `Teach a frozen matrix to wear ${wears},` : 'Teach a frozen matrix what I drew,';
  write(context, first, margin, 162, ['serif', 40, '--ink']);
  write(context, 'one rank at a time.', margin, 214, ['serif', 40, '--ink']);
  owls.forEach((owl, i) => {
    const x = margin + i * apart;
    drawOwl(context, module, owl, x, top, side);
    const end = write(context, `rank ${owl.rank}`, x, top + side + 40, ['serif', 34, '--ink']);
    write(context, `${count(numbersIn(owl.module))} numbers`, end + 12, top + side + 40, ['sans', 20, '--ink-2']);
    write(context, missingWords(owl.error), x, top + side + 70, ['sans', 20, '--ink-2']);
  });
  return context;
}

/** The mark with its top left corner at x, y; `cell`: px of a sixteenth. */
function drawMark(context: Context, x: number, y: number, cell: number): void {
  context.save();
  context.translate(x, y);
  context.scale(cell, cell);
  for (const { part, opacity, d } of MARK) {
    context.globalAlpha = opacity;
    context.fillStyle = token(`--${part}`);
    context.fill(new Path2D(d));
  }
  context.restore();
}

const FILM = { side: 720, margin: 72, owl: 576, top: 36 };

function drawShot(context: Context, module: ReadyModule, shot: OwlSnapshot): void {
  const { margin, owl, top } = FILM;
  const [left, right] = [margin, margin + owl];
  clear(context);
  drawOwl(context, module, shot, left, top, owl);
  const end = write(context, `rank ${shot.rank}`, left, top + owl + 46, ['serif', 38, '--ink']);
  write(context, `${count(numbersIn(shot.module))} numbers`, end + 14, top + owl + 46, ['sans', 22, '--ink-2']);
  write(context, 'LoRA Explorer', left, top + owl + 84, ['italic', 22, '--ink-2']);
  context.textAlign = 'right';
  write(context, missingWords(shot.error), right, top + owl + 46, ['bold', 22, '--ink']);
  write(context, `step ${count(shot.step)}`, right, top + owl + 84, ['sans', 20, '--ink-3']);
  context.textAlign = 'left';
}
