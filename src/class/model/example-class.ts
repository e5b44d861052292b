/** A class for rehearsals: invented names, real runs, which each device trains itself. Two thin matrices paint a hat. */

const HAT = '#v=1&target=edit&edit=hat&d=64&k=64&steps=300';
const GOAL = 'goal=error:0.05,numbers:600,steps:300';

/** The exercise: rank 4 is enough, and 600 numbers allow no more. */
export const EXAMPLE_LINK = [
  `${HAT}&rank=1&alpha=2&show=rank,alpha,init,opt,lr&lock=steps&${GOAL}&handin=1`,
  'title=A+hat+in+600+numbers',
  'task=Paint+a+hat+on+the+owl:+an+error+of+at+most+0.05+with+at+most+600+trained+parameters+in+300+steps.',
].join('&');

/** Settings by name, in the order of arrival. */
const STUDENTS: Readonly<Record<string, string>> = {
  Jun: 'rank=1&alpha=2&lr=0.02',
  Chiara: 'rank=4&alpha=8&lr=0.005',
  Ines: 'rank=8&alpha=16&lr=0.015',
  Deniz: 'rank=2&alpha=4&lr=0.02',
  Lena: 'rank=4&alpha=8&opt=sgd&lr=50',
  Ben: 'rank=4&alpha=16&lr=0.012',
  Emil: 'rank=4&alpha=8&lr=0.0032&init=gaussian',
  Farah: 'rank=3&alpha=6&lr=0.02',
  Hana: 'rank=4&alpha=32&lr=0.05',
  Goran: 'rank=4&alpha=8&opt=sgd&lr=0.5',
  Kwame: 'rank=4&alpha=8&lr=0.2',
  Ada: 'rank=4&alpha=8&lr=0.02',
};

/** First answers to the four questions of the lesson that comes before it. */
const ALL_RIGHT = 'b,512,y,b';
const ONE_OF_TWO = 'b,256,y,b';
const ANSWERS: Readonly<Record<string, string>> = {
  Jun: 'a,1024,y,a',
  Ines: ONE_OF_TWO,
  Deniz: 'b,256,y,c',
  Lena: 'b,512,y,',
  Farah: ONE_OF_TWO,
  Goran: 'b,512,y,c',
  Kwame: ONE_OF_TWO,
};

/** A link per student, as the wall reads them. */
export const EXAMPLE_HAND_INS: readonly string[] = Object.entries(STUDENTS).map(
  ([name, settings]) => `${HAT}&${settings}&by=${name}&answers=what-is-lora:${ANSWERS[name] ?? ALL_RIGHT}`,
);
