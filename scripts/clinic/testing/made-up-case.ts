import { CASE_NAMES, type CaseName, type ClinicCase, type Evidence } from '../../../src/clinic/cases/case.ts';

const EVIDENCE: Evidence = {
  headline: 'Cured: 0.067 in place of 0.781. Nothing else <changed>.',
  charts: [
    {
      title: 'Error over training',
      about: 'log scale & "relative"',
      x: { label: 'step', scale: 'linear' },
      y: { label: 'error', scale: 'log' },
      lines: [
        {
          label: 'α/r: 0.781',
          look: 'symptom',
          points: [
            [0, 1],
            [300, 0.781],
          ],
        },
        {
          label: 'α/√r: 0.067',
          look: 'cure',
          points: [
            [0, 1],
            [300, 0.067],
          ],
        },
      ],
    },
  ],
};

/** A case whose words hold what markup must not take for its own. */
export const madeUpCase = (name: CaseName): ClinicCase => ({
  name,
  group: (['start', 'break', 'worse', 'after'] as const)[Math.floor(CASE_NAMES.indexOf(name) / 3)],
  complaint: `“${name}” <b>& "more"`,
  cause: 'α < r & nothing else.',
  see: ['An error of ', { code: '<0.78>' }, '.'],
  look: ['‖∂L/∂B‖'],
  why: ['s = α/r.'],
  remedy: { control: 'Rule for s', off: 'α/r', on: 'α/√r', effect: '0.781 → 0.067' },
  wrong: [{ label: 'Twice the <rate>', effect: 'still 0.6' }],
  peft: [{ code: 'use_rslora=True' }],
  kohya: [{ code: '--network_alpha 128' }, ' & ', { code: '"<dim>"' }],
  otherwise: { text: ['It may be the rate.'], cases: name === 'nothing' ? ['flat', 'together'] : [] },
  words: [],
  runs: [],
  evidence: () => EVIDENCE,
});
