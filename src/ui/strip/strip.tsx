import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { frameCellSize, type StripMode, type StripSizes, stripSizes } from '../../charts/matrices/strip-sizes.ts';
import { count } from '../../experiment/numbers.ts';
import { Select } from '../../kit/button.tsx';
import { useFillsWindow, useLowWindow, useMedia, useProjectorWidth, useWidth } from '../../kit/media.tsx';
import { hasBar, isFirst } from '../../state/places.ts';
import { shownModule } from '../../state/run/run.ts';
import { shownScaling } from '../lab-scene.ts';
import { onDemand, useLab } from '../page.tsx';
import { outputWords, scaledWords } from '../words/init-words.ts';
import { type BlockContent, type CaptionFacts, isInBlocks, isSplit } from './captions.ts';
import { MatrixRow, SETTLE } from './matrix-row.tsx';
import type { Split } from './planes.ts';
import { placeOf, placeWords } from './read-out.ts';
import { type PaintedStrip, useCaptionFacts, usePaintedMatrices } from './use-painted-matrices.ts';

/** px of all but the strip: low windows shrink the strip before the charts. For a projector: restOfPresent. */
const REST: Readonly<Record<StripMode, number>> = {
  desk: 606,
  lesson: 606,
  present: 0,
  tablet: 0,
  phone: 0,
  network: 0,
};
/** Height of the line below the strip about a moved part of W₀, in px. */
const NOTE: Readonly<Record<StripMode, number>> = {
  desk: 32,
  lesson: 32,
  present: 52,
  tablet: 0,
  phone: 0,
  network: 0,
};
/** px of REST taken up above the strip; further lines there shrink the strip too. */
const ABOVE = 28;
const LEAST = 96;
/** Lines of text, and the charts' share of the window's height: smaller for a picture, whose cells are whole px. */
const restOfPresent = (window: number, font: number, share = 0.23) => 18.5 * font + share * window;
const PRESENT_FONT = 22;
const USUAL_FONT = 13;

/** px: width of the strip, height of the window, text size, and extra lines above the strip. */
interface StripBox {
  readonly width: number;
  readonly window: number;
  readonly font: number;
  readonly above: number;
}

function useSizes(
  room: RefObject<HTMLElement | null>,
  { d, k, rank, shown, portrait }: Pick<CaptionFacts, 'd' | 'k' | 'rank' | 'shown' | 'portrait'>,
): StripSizes | null {
  const place = useWidth();
  const whole = useFillsWindow();
  const present = useLab((s) => s.view.view === 'present');
  // A frame takes its height from its content, not the other way round.
  const framed = useLab((s) => s.view.view === 'embed');
  const first = useLab((s) => isFirst(s.view));
  const lesson = useLab((s) => s.view.lesson !== '' && hasBar(s.view));
  const desk: StripMode = present ? 'present' : lesson && whole ? 'lesson' : 'desk';
  const projected = useProjectorWidth() && present;
  const network = useLab((s) => !!s.run.ready?.network);
  const mode: StripMode = network && place !== 'phone' ? 'network' : place === 'desk' || projected ? desk : place;
  const fills = whole && !framed;
  const lowWindow = useLowWindow();
  const noted = isSplit(shown);
  const pictured = portrait !== null;
  const [box, setBox] = useState<StripBox | null>(null);
  useLayoutEffect(() => {
    const element = room.current;
    if (!element) return;
    let intro: HTMLElement | null = null;
    const observer = new ResizeObserver(() => measure());
    const measure = () => {
      // Another element may have replaced it since.
      const now = element.closest('main')?.querySelector<HTMLElement>('.intro') ?? null;
      if (now !== intro) {
        if (intro) observer.unobserve(intro);
        if (now) observer.observe(now);
        intro = now;
      }
      const font = Number.parseFloat(getComputedStyle(element).fontSize);
      const above = Math.max(0, (intro?.offsetHeight ?? 0) - ABOVE);
      setBox({ width: element.clientWidth, window: window.innerHeight, font, above });
    };
    measure();
    observer.observe(element);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
    // `mode`: a projector's text is larger, which the observer does not see.
  }, [room, mode]);
  return useMemo(() => {
    if (!box || box.width === 0) return null;
    const { width, window, font, above } = box;
    const request = {
      width,
      d,
      k,
      rank,
      mode,
      font,
      pictured,
      low: framed ? width >= FRAMED_ROW : lowWindow,
      leading: first && isLeading(mode, width, window, lowWindow),
    };
    if (pictured) {
      const usual = () => mostOf(mode, window, font, fills, lesson);
      const max = framed ? frameCellSize(width) : first ? firstCells(mode, width, window, lowWindow) : usual();
      return stripSizes({ ...request, most: max });
    }
    const onDesk = mode === 'desk' || mode === 'lesson';
    if (onDesk && fills && font > USUAL_FONT) return stripSizes({ ...request, most: cellsOf(window) });
    const usual = mode === 'present' ? restOfPresent(window, font, 0.27) : REST[mode];
    if (!fills || usual === 0) return stripSizes(request);
    const unit = font / (mode === 'present' ? PRESENT_FONT : USUAL_FONT);
    const rest = usual + (noted ? NOTE[mode] * unit : 0) + (onDesk ? above : 0);
    return stripSizes({ ...request, tallest: Math.max(LEAST * unit, window - rest) });
  }, [box, d, k, rank, mode, noted, fills, framed, lowWindow, pictured, lesson, first]);
}

/** px: from this width a frame has a picture's matrices in one row. */
const FRAMED_ROW = 640;

/** px of a picture's cells, by least height of the window. */
const CELLS = [
  [1300, 6],
  [1000, 5],
  [800, 4],
  [0, 3],
] as const;

/** The same for a first visit, which has no charts below it. */
const FIRST_CELLS = [
  [1300, 8],
  [1000, 6],
  [800, 5],
  [680, 4],
  [0, 3],
] as const;

/** px of all but W on a phone: bar, sentence, caption and dock. */
const AROUND_W = 320;
/** Narrower tablets have no room for cells of 3 px in one row; lower ones none for two rows, in px. */
const UPRIGHT = { width: 880, window: 720 };

/** Beside the text of a low window one row of four matrices would be stamps on less than this, in px. */
const BESIDE_TEXT = 520;

/** Whether W is above the sum in a first visit. */
function isLeading(mode: StripMode, width: number, window: number, low: boolean): boolean {
  if (mode === 'phone') return true;
  return mode === 'tablet' && (low ? width < BESIDE_TEXT : width < UPRIGHT.width && window >= UPRIGHT.window);
}

function firstCells(mode: StripMode, width: number, window: number, low: boolean): number {
  // A cell of W, and a third of it below; in a low window the sentence and the dock are beside it.
  if (mode === 'tablet' && isLeading(mode, width, window, low)) return (window - (low ? 230 : AROUND_W + 90)) / 86;
  return mode === 'phone' ? Math.max(1.5, (window - AROUND_W) / 64) : cellsOf(window, FIRST_CELLS);
}

/** The largest cell of a picture of 64 × 64. */
function mostOf(mode: StripMode, window: number, font: number, fills: boolean, lesson: boolean): number {
  if (mode === 'present') return Math.max(2, Math.floor((window - restOfPresent(window, font)) / 72));
  if (mode === 'phone' && fills && lesson && window >= LEAST_SHEET) return aboveSheet(window, font);
  // So low that W would lie under the dock.
  if (mode === 'phone' && fills && window < 700) return 1.5;
  if ((mode !== 'desk' && mode !== 'lesson') || !fills) return 3;
  return cellsOf(window);
}

/** From this height of the window, in px, a lesson on a phone is a sheet over its lower part. */
const LEAST_SHEET = 480;

/** The cell at which both rows of a picture with captions fit above a lesson's sheet; bounded below by the captions. */
function aboveSheet(window: number, font: number): number {
  // 64 cells and a rank of 8, and below them W with cells half as large again.
  const room = 0.54 * window - 11.6 * font - 8;
  return Math.max(1.5, Math.floor((2 * room) / (72 + 1.5 * 64)) / 2);
}

function cellsOf(window: number, cells: readonly (readonly [min: number, cell: number])[] = CELLS): number {
  return cells.find(([min]) => window >= min)?.[1] ?? 3;
}

/** Only runs of networks have several modules. */
const RunModules = onDemand(() => import('./run-modules.tsx'));

/** W = W₀ + s·B·A → ΔW*, and E: every matrix as a heat map, on comparable scales. */
export function Strip() {
  const container = useRef<HTMLDivElement>(null);
  const [wish, setWish] = useState<BlockContent>('means');
  const [split, setSplit] = useState<Split>('update');
  const [aside, setAside] = useState<CaptionFacts['aside']>('target');
  const several = useLab((s) => s.run.modules.length > 1 && !s.run.ready?.network);
  const painted = usePaintedMatrices(container, wish, split);
  const facts = useCaptionFacts(painted, aside);
  const sizes = useSizes(container, facts);
  useTransition(container, sizes !== null);
  return (
    <section className={sizes?.pictured ? 'hero pictured' : 'hero'} aria-label="Matrices">
      {several && <RunModules />}
      <div ref={container} className="room">
        {sizes && <MatrixRow {...{ sizes, facts, painted }} aside={<Aside aside={aside} choose={setAside} />} />}
        {isInBlocks(facts) && <PixelChoice facts={facts} wish={wish} choose={setWish} painted={painted} />}
      </div>
      {isSplit(facts.shown) && (
        <MovedNote shown={facts.shown} fixed={painted?.drawn === 'extremes'} choose={setSplit} />
      )}
    </section>
  );
}

/** W of the strip that was last removed, in a first visit or in the lab, and when. */
let removed: { readonly W: DOMRect; readonly first: boolean; readonly at: number } | null = null;
/** A strip that appears later than this, in ms, does not take the place of the removed one. */
const AT_ONCE = 300;

/** Between a first visit and the charts the owl shrinks or grows to its place. */
function useTransition(container: RefObject<HTMLElement | null>, drawn: boolean): void {
  const first = useLab((s) => isFirst(s.view));
  const still = useMedia('(prefers-reduced-motion: reduce)');
  useLayoutEffect(() => {
    const strip = container.current?.querySelector<HTMLElement>('.strip');
    const picture = strip?.querySelector('[data-matrix="W"]');
    if (!drawn || still || !strip || !picture) return;
    if (removed && removed.first !== first && performance.now() - removed.at < AT_ONCE)
      shrink(strip, picture, removed.W);
    removed = null;
    return () => {
      removed = { W: picture.getBoundingClientRect(), first, at: performance.now() };
    };
  }, [container, drawn, first, still]);
}

/** Moves a strip from where its picture was. */
function shrink(strip: HTMLElement, picture: Element, from: DOMRect): void {
  const [to, whole] = [picture.getBoundingClientRect(), strip.getBoundingClientRect()];
  const transformOrigin = `${to.left - whole.left}px ${to.top - whole.top}px`;
  const transform = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width})`;
  strip.animate(
    [
      { transformOrigin, transform },
      { transformOrigin, transform: 'none' },
    ],
    { duration: SETTLE, easing: 'ease-out' },
  );
}

type AsideProps = Pick<CaptionFacts, 'aside'> & { readonly choose: (aside: CaptionFacts['aside']) => void };

function Aside({ aside, choose }: AsideProps) {
  return (
    <Select
      className={`pick aside ${aside === 'target' ? 'dwt' : ''}`}
      aria-label="Beside W"
      style={{ justifySelf: 'start' }}
      options={[
        ['target', 'Target for ΔW'],
        ['E', 'Remaining error'],
      ]}
      value={aside}
      onChange={choose}
    />
  );
}

interface PixelProps {
  readonly facts: CaptionFacts;
  readonly wish: BlockContent;
  readonly choose: (wish: BlockContent) => void;
  readonly painted: PaintedStrip | null;
}

function PixelChoice({ facts: { d, k, blocks }, wish, choose, painted }: PixelProps) {
  const cell = useLab((s) => s.cell);
  const phone = useWidth() === 'phone';
  const read = cell && painted?.means.dW;
  // Those of products are computed now and then only.
  const late = painted?.drawn === 'extremes' && painted.extremes?.late ? painted.extremes.step : null;
  return (
    <div className="drawn title">
      each pixel:{' '}
      <Select
        className="pick"
        aria-label="What each pixel shows of its block"
        options={[
          ['means', 'mean'],
          ['extremes', 'largest entry'],
        ]}
        value={wish}
        onChange={choose}
      />
      {/* A phone has one line: the size, or the place of the cell that is read. */}
      {!(read && phone) && `of ${count(blocks.rows)} × ${count(blocks.columns)} entries`}
      {late !== null && `, ΔW at step ${count(late)}`}
      {read && `${phone ? '' : ': '}${placeWords(placeOf(read, cell, d, k))}`}
    </div>
  );
}

interface MovedNoteProps {
  readonly shown: Split;
  /** Only ΔW can be drawn. */
  readonly fixed: boolean;
  readonly choose: (split: Split) => void;
}

/** Shown if the initialisation moves a part of W₀: the choice of the sum, and that the output is unchanged. */
function MovedNote({ shown, fixed, choose }: MovedNoteProps) {
  const module = useLab(shownModule);
  const scaling = useLab(shownScaling);
  if (!module?.moved) return null;
  const scaled = scaledWords(module, scaling);
  return (
    <p className="moved">
      <label>
        View:{' '}
        <Select
          className="pick"
          disabled={fixed}
          title={fixed ? 'Largest entries are only known for ΔW' : undefined}
          options={[
            ['frozen', 'W = W frozen + s·B·A'],
            ['update', 'W = W₀ + ΔW'],
          ]}
          value={shown}
          onChange={choose}
        />
      </label>{' '}
      <span className="out">At step 0: {outputWords(module)}.</span>{' '}
      <span>The charts show the singular values of the adapter, s·B·A.</span>
      {scaled && <strong> {scaled}</strong>}
    </p>
  );
}
