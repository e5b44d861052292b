import { exactText } from '../../../experiment/numbers.ts';
import type { CaseName } from '../../cases/case.ts';
import type { Span } from '../syntax/node.ts';

/** A rule that holds for what was pasted. */
export interface RuleFinding {
  readonly name: CaseName;
  readonly sure: 'likely' | 'possible';
  /** Orders findings: of two that are likely, the one that rests on a measured loss is first. 0 to 100. */
  readonly weight: number;
  /** One sentence with its numbers. */
  readonly reason: string;
  /** If it were so, this would be seen as well. */
  readonly expect: string;
  /** Places of the text that it rests on, at least one. */
  readonly evidence: readonly Span[];
}

/** A setting in a sentence: "0.25", "0.003", "2·10⁻⁴", "10⁻⁵". */
export const written = (value: number): string => exactText(Number(value.toPrecision(3)));
