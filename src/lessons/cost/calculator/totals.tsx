import { adapted, fileBytes, totalsOf } from '../../../experiment/cost/counts.ts';
import { FORMAT_NAMES } from '../../../experiment/cost/models.ts';
import type { Cost } from '../../../experiment/cost/setting.ts';
import { count } from '../../../experiment/numbers.ts';
import { useCalm } from '../../../kit/calm.ts';
import { fewerText, fileText, listed, shareText } from './words.ts';

/** What all adapted matrices come to. */
export function Totals({ cost }: { readonly cost: Cost }) {
  const { trained, full, share, fewer } = totalsOf(cost);
  const names = listed(adapted(cost).map(({ name }) => name));
  const saves = fewer > 1;
  const said = useCalm(`${count(trained)} trained numbers, ${shareText(share)}`);
  return (
    <>
      <p className="unseen" role="status">
        {said}
      </p>
      <dl className="totals">
        <div>
          <dd>{count(trained)}</dd>
          <dt>trained numbers</dt>
        </div>
        <div>
          <dd>{shareText(share)}</dd>
          <dt>of {count(cost.model.parameters)}</dt>
        </div>
        <div>
          <dd>{fileText(fileBytes(trained, 'bf16'))}</dd>
          <dt>
            adapter file in {FORMAT_NAMES.bf16}; {fileText(fileBytes(trained, 'f32'))} in {FORMAT_NAMES.f32}
          </dt>
        </div>
        <div>
          <dd>{trained === 0 ? '–' : fewerText(fewer)}</dd>
          <dt>
            {trained === 0
              ? 'nothing is adapted'
              : `${saves ? 'fewer than in' : 'beside'} ${names} (${count(full)} in the frozen matrices)`}
          </dt>
        </div>
      </dl>
    </>
  );
}
