/** Something in a run file that its link makes otherwise: factors at step 0, or what came of them at a step. */
export type Contradiction =
  | { readonly of: 'A' | 'B' }
  | { readonly of: 'first loss' | 'last loss'; readonly step: number; readonly recorded: number; readonly link: number }
  | { readonly of: 'last product'; readonly step: number };
