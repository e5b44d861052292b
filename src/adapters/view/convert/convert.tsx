import { Fragment, useMemo, useState } from 'react';
import { count, plural } from '../../../experiment/numbers.ts';
import { Choice, LinkButton } from '../../../kit/button.tsx';
import { DataTable } from '../../../kit/grids/data-table.tsx';
import { convertPlan } from '../../file/convert/converted-file.ts';
import { visibleText } from '../../file/faults.ts';
import type { Adapter, ConvertPlan, ConvertTo, Naming } from '../../file/model.ts';
import { NAMINGS } from '../../file/namings.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';

const TARGETS: readonly ConvertTo[] = ['peft', 'kohya', 'diffusers'];
const ALPHA_IN: Readonly<Record<ConvertTo, string>> = {
  peft: 'adapter_config.json',
  kohya: 'a tensor of its own',
  diffusers: 'the metadata of the file',
};
const FIRST = 3;

export default function Convert() {
  const adapter = useAdapters((s) => s.files[0]?.adapter);
  const to = useAdapters((s) => s.convertTo);
  const going = useAdapters((s) => s.work !== null);
  const dispatch = useAdaptersDispatch();
  const plan = useMemo(() => (adapter ? convertPlan(adapter, to) : null), [adapter, to]);
  const [all, setAll] = useState(false);
  if (!adapter || !plan) return null;
  const same = adapter.naming === to;
  const why = same
    ? `The file has the names of ${NAMINGS[to]} already.`
    : 'fault' in plan
      ? `${plan.fault} ${plan.details}`
      : null;
  return (
    <div className="convert">
      <p className="claim">Names change, numbers do not.</p>
      <div className="acts far-above space-below">
        <span id="convert-to">To</span>
        <Choice
          aria-labelledby="convert-to"
          options={TARGETS.map((one) => [one, NAMINGS[one]])}
          value={to}
          onChange={(one) => dispatch({ type: 'convert-to', to: one })}
        />
        <EventButton
          className="btn main"
          disabled={why !== null || going}
          aria-describedby="convert-why"
          event={{ type: 'write', does: 'convert' }}
        >
          Write
        </EventButton>
      </div>
      <p id="convert-why" className="convert-words">
        {why ?? ('fault' in plan ? '' : summaryOf(plan, adapter))}
      </p>
      {!('fault' in plan) && !same && (
        <>
          <NameList plan={plan} from={adapter.naming} all={all} />
          {plan.renamed.length > FIRST && (
            <LinkButton aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? `The first ${FIRST} names` : `All ${count(plan.renamed.length)} names`}
            </LinkButton>
          )}
        </>
      )}
    </div>
  );
}

function summaryOf(
  { to, renamed, added, dropped, rule, arranged, oneWay }: ConvertPlan,
  { others, modules }: Adapter,
): string {
  const changed = renamed.filter(([before, after]) => before !== null && after !== null && before !== after).length;
  return [
    `${plural(changed, 'tensor')} renamed${arranged ? ', no number of ΔW changes' : ' and copied bit for bit'}${modules.some(({ transposed }) => transposed) ? ', transposed' : ''}`,
    ...(added > 0 ? [`; ${count(added)} α added, since ${NAMINGS[to]} keeps one per module`] : []),
    ...(dropped > 0
      ? [`; ${count(dropped)} α go to ${ALPHA_IN[to]}`]
      : to === 'kohya'
        ? []
        : [`; α goes to ${ALPHA_IN[to]}`]),
    ...(others.length > 0
      ? [`; ${plural(others.length, 'whole tensor')} copied as ${others.length === 1 ? 'it is' : 'they are'}`]
      : []),
    '. ',
    rule,
    ...(oneWay === null ? [] : [` ${oneWay}`]),
  ].join('');
}

/** A long name breaks after a dot, or else after an underscore. */
function Parted({ name }: { readonly name: string }) {
  const parts = visibleText(name).split(name.split('.').length > 3 ? /(?<=\.)/ : /(?<=[._])/);
  return parts.map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

interface NamesProps {
  readonly plan: ConvertPlan;
  readonly from: Naming;
  readonly all: boolean;
}

function NameList({ plan: { to, renamed }, from, all }: NamesProps) {
  const shown = all ? renamed : renamed.slice(0, FIRST);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs keyboard access
    <section className="convert-names" tabIndex={0} aria-label="Names before and after">
      <DataTable
        className="ruled heads-stay"
        rows={shown}
        columns={[
          {
            key: 'before',
            head: `${NAMINGS[from]}, as it is`,
            cell: ([before]) => (before === null ? '–' : <Parted name={before} />),
          },
          {
            key: 'after',
            head: `${NAMINGS[to]}, as it will be`,
            cell: ([, after]) => (after === null ? `goes to ${ALPHA_IN[to]}` : <Parted name={after} />),
          },
        ]}
      />
    </section>
  );
}
