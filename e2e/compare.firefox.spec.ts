import { pinsOfLink } from './compare.ts';

pinsOfLink('Firefox');
