import { b, prose } from '../../pane/prose.tsx';
/** Notes for teachers: aim, time, questions to ask, common mistakes. */
export default prose`
  ${b`Aim.`} Students say what rank 1 means without the word “dimension”.

  ${b`Time.`} 3 minutes alone, 8 with the class.

  ${b`Ask before step 2.`} How many numbers does a second pattern cost?

  ${b`Common mistakes.`} “Rank 1 means one number.”
`;
