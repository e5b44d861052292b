import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { At } from './text.tsx';

/** =, +, "should → become", "leaves": the strip read as a sentence. `less`: it is s·B·A that is shown, not ΔW. */
export function Signs({ layout, less }: { readonly layout: StripLayout; readonly less: boolean }) {
  const { equals, plus, arrow, should, become, leaves } = layout.signs;
  const tip = layout.font * 0.4;
  return (
    <>
      {equals && (
        <At place={equals} look="op">
          =
        </At>
      )}
      <At place={plus} look="op">
        +
      </At>
      {arrow && (
        <path
          className="arrow"
          d={`M${arrow.from} ${arrow.y}H${arrow.to}m${-1.25 * tip} ${-tip}l${1.25 * tip} ${tip}l${-1.25 * tip} ${tip}`}
        />
      )}
      {should &&
        // s·B·A alone is not ΔW.
        (less ? ['less s₀·', 'B₀·A₀', 'should'] : ['should']).map((word, i, all) => (
          <At key={word} place={{ ...should, y: should.y - (all.length - 1 - i) * layout.font * 1.25 }} look="said">
            {word}
          </At>
        ))}
      {become && (
        <At place={become} look="said">
          become
        </At>
      )}
      {leaves && (
        <At place={leaves} look="said">
          leaves
        </At>
      )}
    </>
  );
}
