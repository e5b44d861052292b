import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { count } from '../../experiment/numbers.ts';
import { Select } from '../../kit/choice.tsx';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { isFirst } from '../../state/places.ts';
import { shownModule } from '../../state/run/run.ts';
import { shownScaling } from '../lab-scene.ts';
import { onDemand, useLab } from '../page.tsx';
import { outputWords, scaledWords } from '../words/init-words.ts';
import { type BlockContent, type CaptionFacts, isInBlocks, isSplit } from './captions.ts';
import { MatrixRow, SETTLE } from './matrix-row.tsx';
import type { Split } from './planes.ts';
import { placeOf, placeWords } from './read-out.ts';
import { useCaptionFacts } from './use-caption-facts.ts';
import { type PaintedStrip, usePaintedMatrices } from './use-painted-matrices.ts';
import { useSizes } from './use-sizes.ts';

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
