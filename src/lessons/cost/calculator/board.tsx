import { useId, useMemo } from 'react';
import { CARDS, memoryOf, type TrainingWay, WAYS } from '../../../experiment/cost/counts.ts';
import type { Cost } from '../../../experiment/cost/setting.ts';
import { usePlot } from '../../../ui/figures/use-plot.ts';
import { memoryBoard } from '../../charts/memory/memory.ts';
import type { MemoryScene } from '../../charts/memory/memory-scene.ts';

/** What each way of training is called; 8 bits are not what QLoRA means. */
const nameOf = (way: TrainingWay, { base }: Cost): string =>
  ({ full: 'Full', lora: 'LoRA', qlora: base === 'nf4' ? 'QLoRA' : '8-bit' })[way];

/** The memory board. */
export function Board({ cost }: { readonly cost: Cost }) {
  const title = useId();
  const scene = useMemo((): MemoryScene => {
    const memory = memoryOf(cost);
    return { bars: WAYS.map((way) => ({ name: nameOf(way, cost), parts: memory[way] })), cards: CARDS };
  }, [cost]);
  const { room, svg } = usePlot(memoryBoard.draw, scene);
  return (
    <figure data-chart={memoryBoard.name} aria-labelledby={title}>
      <figcaption>
        <div className="title">
          <h2 id={title}>{memoryBoard.title}</h2>
        </div>
        <p className="help">{memoryBoard.help}</p>
      </figcaption>
      <div ref={room} className="plot">
        <svg ref={svg} className="chart" data-chart={memoryBoard.name} aria-hidden="true" />
        <p className="unseen">{memoryBoard.describe(scene)}</p>
      </div>
    </figure>
  );
}
