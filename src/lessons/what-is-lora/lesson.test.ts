import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { initialState } from '../../state/state.ts';
import { stepEvents } from '../step.tsx';
import { lesson } from './lesson.tsx';

const [owl, , , one] = lesson.steps.map(({ link }) => parseLink(link ?? '').experiment);

describe('What is LoRA?', () => {
  it('trains what its buttons set, however long a run takes, and no more of what is set already', () => {
    const { run, ...page } = initialState({ backend: null, stepper: null });
    const does = (experiment: Experiment) => {
      const over = { ...run, experiment, status: 'finished' } as const;
      return lesson.steps[2].act?.does?.({ ...page, run: over });
    };
    expect(does(owl)).toMatchObject([{ type: 'changed' }, { type: 'train' }]);
    expect(does(one)).toMatchObject([{ type: 'changed' }]);
  });

  it('trains at full speed wherever it trains', () => {
    const { run, ...page } = initialState({ backend: null, stepper: null });
    const states = [owl, one].map((experiment) => ({
      ...page,
      run: { ...run, experiment, status: 'paused' } as const,
    }));
    const events = lesson.steps.flatMap((step) =>
      states.flatMap((state) => [...stepEvents(step, state), ...(step.act?.does?.(state) ?? [])]),
    );
    const trained = events.filter(({ type }) => type === 'train');
    expect(trained.length).toBeGreaterThan(10);
    for (const event of trained) expect(event).toHaveProperty('atOnce', true);
  });
});
