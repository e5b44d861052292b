import { pinsTest } from './compare.ts';

pinsTest('Firefox');
