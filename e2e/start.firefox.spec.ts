import { trainsOnTheProcessor } from './start.ts';

trainsOnTheProcessor('Firefox');
