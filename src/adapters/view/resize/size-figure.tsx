import { useMemo } from 'react';
import { usePlot } from '../../../ui/figures/use-plot.ts';
import { errorSize } from '../../charts/resize/error-size.ts';
import { type Cut, curvesOf } from '../../state/foretold.ts';
import { megabytes } from '../size-words.ts';

/** Error against size, for the plan as it stands. */
export function SizeFigure({ cut }: { readonly cut: Cut }) {
  const { floor, oneRank } = curvesOf(cut);
  const { bytes, error } = cut.foretold;
  const before = cut.file.adapter.bytes;
  const scene = useMemo(
    () => ({ floor, oneRank, now: { bytes, error, size: megabytes(bytes) }, before }),
    [floor, oneRank, bytes, error, before],
  );
  const { room, svg } = usePlot(errorSize.draw, scene);
  return (
    <figure className="size-figure" aria-labelledby="error-size">
      <figcaption>
        <h2 id="error-size">{errorSize.title}</h2>
        <p className="help">{errorSize.help}</p>
      </figcaption>
      <div ref={room} className="plot">
        <svg ref={svg} className="chart" data-chart={errorSize.name} aria-hidden="true" />
        <p className="unseen">{errorSize.describe(scene)}</p>
      </div>
    </figure>
  );
}
