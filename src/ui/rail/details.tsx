import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Numeric } from '../controls/numeric.tsx';
import { isChoice, Segments } from '../controls/segmented-choice.tsx';

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
};

/** The control of a number or of a choice; a text has none here. */
function Detail({ of }: { readonly of: ParamKey }) {
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
