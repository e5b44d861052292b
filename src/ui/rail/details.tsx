import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Check } from '../../kit/button.tsx';
import { ControlName } from '../controls/control-name.tsx';
import { isChoice, Numeric, Segments } from '../controls/numeric.tsx';
import { useDispatch, useLab } from '../page.tsx';

type OptionWords = Readonly<Record<string, string>>;

/** What stands behind a choice, for its explanation. */
const MEANINGS: Partial<Readonly<Record<ParamKey, OptionWords>>> = {
  order: {
    'drop-last':
      'Every epoch goes through the samples in a new order, in batches of one size: the rest is left out. As of DataLoader with shuffle=True, drop_last=True.',
    epochs:
      'Every sample comes once an epoch, in a new order each time; the last batch may be smaller. As of DataLoader with shuffle=True. Charts mark where an epoch starts.',
    random:
      'Every sample of a step is drawn from all, so that one may come twice before another comes once. As of RandomSampler(replacement=True).',
  },
  schedule: {
    constant: 'The rate stays as it is after the warm-up. As of get_constant_schedule_with_warmup.',
    linear: 'It falls along a line, to 0 at the last step. As of get_linear_schedule_with_warmup.',
    cosine: 'It falls along half a cosine, to 0 at the last step. As of get_cosine_schedule_with_warmup.',
  },
  precision: {
    float32: 'Both passes in 32 bits.',
    float16:
      'Mixed precision (fp16=True): every matrix of both passes is rounded to 16 bits. Above 65,504 a value is infinite, and what lies below 3·10⁻⁸ becomes 0.',
  },
};

/** The first one that somebody who clips is shown. */
const FIRST_CLIP = 1;

/** Not clipped, which a link leaves out, or the largest norm. */
function Clip() {
  const free = useLab((s) => s.experiment.clip === null);
  const dispatch = useDispatch();
  const none = (
    <Check checked={free} onChange={() => dispatch({ type: 'changed', changes: { clip: free ? FIRST_CLIP : null } })}>
      no limit
    </Check>
  );
  if (!free) return <Numeric of="clip" back={none} />;
  return (
    <div className="ctl" data-param="clip">
      <div className="hd">
        <ControlName of="clip" />
        {none}
      </div>
    </div>
  );
}

/** The control of a number or of a choice; a text has none here. */
function Detail({ of }: { readonly of: ParamKey }) {
  if (of === 'clip') return <Clip />;
  if (isChoice(of)) return <Segments of={of} titles={MEANINGS[of]} />;
  switch (param(of).kind) {
    case 'integer':
    case 'number':
      return <Numeric of={of} />;
    default:
      return null;
  }
}

interface DetailsProps {
  /** Those that have an effect here and that the link does not hide. */
  readonly keys: readonly ParamKey[];
}

/**
 * Controls of settings that most runs leave as they are. They are loaded once one of them is in force or somebody opens
 * the settings of the budget.
 */
export default function Details({ keys }: DetailsProps) {
  return keys.map((key) => <Detail key={key} of={key} />);
}
