import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aims.`} Students predict how the error falls with the rank, say why no run can do better, and read from a spectrum
  which rank a target needs.

  ${b`Needs.`} Matrix products, Pythagoras. Singular values are explained. Lesson 0.

  ${b`Time.`} 18 minutes alone; 25 with the class, of which 5 for drawing and comparing guesses.

  ${b`Ask before step 1.`} Everyone draws on paper first. Collect two guesses on the board: most draw a straight line.

  ${b`Ask at step 5.`} Which pattern shows the sun? (None alone: the sun is a sum.) Why has every pattern stripes?

  ${b`Ask at step 7.`} Can you invent a target that rank 1 reaches exactly? One that every rank finds equally hard?

  ${b`Ask at step 9.`} What would happen if A were frozen, and B trained?

  ${b`Common mistakes.`} “Twice the rank halves the error” (it depends on the singular values). “B·A has rank r” (at
  most r). “The first pattern is the first column of B” (training mixes the columns; the patterns are those of the sum). “A layer is
  a part of the picture” (it is a whole picture of stripes).
`;
